/** What a page gives a picture, as the server writes it. */
export type ChartData = Histogram | Shares | Boxes | Flow | Trend | Scatter;

export interface Series {
  name: string;
  values: number[];
}

/** Counts by grade, a column each. */
export interface Histogram {
  kind: "histogram";
  names: string[];
  series: Series[];
}

/** Counts by grade, a bar each, drawn as shares of the whole bar. */
export interface Shares {
  kind: "shares";
  names: string[];
  series: Series[];
}

/** Least, lower quartile, median, upper quartile, most. */
export interface Boxes {
  kind: "boxes";
  names: string[];
  boxes: number[][];
}

export interface Flow {
  kind: "flow";
  nodes: string[];
  links: { source: string; target: string; value: number }[];
}

/** Cells of a point by a point: score before, score now, how many, their grade now. */
export interface Scatter {
  kind: "scatter";
  before: number;
  now: number;
  points: [number, number, number, string][];
}

export interface Trend {
  kind: "trend";
  years: number[];
  scores: (number | null)[];
  grades: string[];
}
