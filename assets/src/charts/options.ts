import type { EChartsCoreOption } from "echarts/core";
import { colourOf } from "./colours";
import type { Boxes, ChartData, Flow, Histogram, Scatter, Shares, Trend } from "./data";

/** Drawn on the canvas itself: a tip of its own element would need styles that the page's policy refuses. */
const TIP = { renderMode: "richText", confine: true, padding: [6, 8], textStyle: { fontSize: 13 } } as const;
const TEXT = { fontSize: 12, color: "#3a4356" };
const LINE = { lineStyle: { color: "#c8ccd4" } };

const BASE = {
  animation: false,
  textStyle: { fontFamily: "system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif" },
  aria: { enabled: true, decal: { show: true } },
};

/** What the library draws, for a picture so many pixels wide. */
export function optionOf(data: ChartData, width: number): EChartsCoreOption {
  switch (data.kind) {
    case "histogram":
      return histogram(data);
    case "shares":
      return shares(data);
    case "boxes":
      return boxes(data);
    case "flow":
      return flow(data, width);
    case "trend":
      return trend(data);
    case "scatter":
      return scatter(data);
  }
}

/** Pixels high, by how much there is to show. */
export function heightOf(data: ChartData): number {
  switch (data.kind) {
    case "shares":
      return 70 + data.names.length * 30;
    case "boxes":
      return 60 + data.names.length * 42;
    case "trend":
      return 200;
    default:
      return 320;
  }
}

function histogram(data: Histogram): EChartsCoreOption {
  return {
    ...BASE,
    tooltip: { ...TIP, trigger: "axis", axisPointer: { type: "shadow" } },
    legend: { top: 0, textStyle: TEXT },
    grid: { left: 8, right: 12, top: 36, bottom: 24, containLabel: true },
    xAxis: { type: "category", data: data.names, name: "分", nameLocation: "end", nameGap: 2, axisLabel: TEXT, axisLine: LINE },
    yAxis: { type: "value", name: "家", minInterval: 1, axisLabel: TEXT },
    series: data.series.map((of) => ({
      type: "bar",
      stack: "all",
      name: of.name,
      data: of.values,
      itemStyle: { color: colourOf(of.name) },
    })),
  };
}

function shares(data: Shares): EChartsCoreOption {
  const totals = data.names.map((_, at) => data.series.reduce((sum, of) => sum + (of.values[at] ?? 0), 0));
  const share = (count: number, at: number) => (totals[at] ? (count * 100) / totals[at] : 0);
  return {
    ...BASE,
    tooltip: { ...TIP, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value: unknown) => `${Number(value).toFixed(1)}%` },
    legend: { top: 0, textStyle: TEXT },
    grid: { left: 8, right: 24, top: 32, bottom: 8, containLabel: true },
    xAxis: { type: "value", max: 100, axisLabel: { ...TEXT, formatter: "{value}%" } },
    yAxis: { type: "category", inverse: true, data: data.names, axisLabel: TEXT, axisLine: LINE },
    series: data.series.map((of) => ({
      type: "bar",
      stack: "all",
      name: of.name,
      data: of.values.map(share),
      itemStyle: { color: colourOf(of.name) },
    })),
  };
}

function boxes(data: Boxes): EChartsCoreOption {
  return {
    ...BASE,
    tooltip: {
      ...TIP,
      trigger: "item",
      formatter: (of: { dataIndex: number }) => sentences(data)[of.dataIndex] ?? "",
    },
    grid: { left: 8, right: 24, top: 12, bottom: 24, containLabel: true },
    xAxis: { type: "value", name: "分", nameGap: 4, scale: true, axisLabel: TEXT },
    yAxis: { type: "category", inverse: true, data: data.names, axisLabel: TEXT, axisLine: LINE },
    series: [
      { type: "boxplot", data: data.boxes, itemStyle: { color: "#d6e4f2", borderColor: "#14508c", borderWidth: 1.5 } },
    ],
  };
}

function flow(data: Flow, width: number): EChartsCoreOption {
  return {
    ...BASE,
    // Ribbons between patterned blocks would flicker.
    aria: { enabled: true },
    tooltip: { ...TIP, trigger: "item" },
    series: [
      {
        type: "sankey",
        left: 8,
        right: width < 500 ? 88 : 104,
        top: 12,
        bottom: 12,
        nodeWidth: 14,
        nodeGap: 10,
        draggable: false,
        layoutIterations: 0,
        emphasis: { focus: "adjacency" },
        data: [...data.nodes].sort(byYearAndGrade).map((name) => ({ name, itemStyle: { color: colourOf(name) } })),
        links: data.links,
        lineStyle: { color: "source", opacity: 0.35 },
        label: { ...TEXT },
      },
    ],
  };
}

/** The best first; whoever is not ranked comes last. */
function byYearAndGrade(one: string, other: string): number {
  const [year = "", grade = ""] = one.split(" ");
  const [otherYear = "", otherGrade = ""] = other.split(" ");
  return year.localeCompare(otherYear) || grade.localeCompare(otherGrade, "en");
}

function trend(data: Trend): EChartsCoreOption {
  return {
    ...BASE,
    tooltip: { ...TIP, trigger: "axis", formatter: (of: { dataIndex: number }[]) => sentences(data)[of[0]?.dataIndex ?? 0] ?? "" },
    grid: { left: 8, right: 24, top: 28, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: data.years.map(String), axisLabel: TEXT, axisLine: LINE },
    yAxis: { type: "value", name: "分", scale: true, axisLabel: TEXT },
    series: [
      {
        type: "line",
        data: data.scores.map((score, at) => ({ value: score, itemStyle: { color: colourOf(data.grades[at] ?? "") } })),
        symbol: "circle",
        symbolSize: 10,
        lineStyle: { color: "#6b7280" },
        label: { show: true, position: "top", formatter: (of: { dataIndex: number }) => data.grades[of.dataIndex] ?? "" },
      },
    ],
  };
}

/** A point is as large as there are many; on the line nothing changed. */
function scatter(data: Scatter): EChartsCoreOption {
  const ends = data.points.flatMap(([before, now]) => [before, now]);
  const [least, most] = ends.reduce(([low, high], end) => [Math.min(low, end), Math.max(high, end + 1)], [0, 1]);
  const axis = { type: "value", min: least, max: most, axisLabel: TEXT };
  return {
    ...BASE,
    aria: { enabled: true },
    tooltip: { ...TIP, trigger: "item", formatter: (of: { dataIndex: number }) => sentences(data)[of.dataIndex] ?? "" },
    grid: { left: 8, right: 40, top: 28, bottom: 24, containLabel: true },
    xAxis: { ...axis, name: `${data.before}`, nameGap: 4 },
    yAxis: { ...axis, name: `${data.now}（分）` },
    series: [
      {
        type: "scatter",
        data: data.points.map(([before, now, count, grade]) => ({
          value: [before + 0.5, now + 0.5],
          symbolSize: Math.min(28, 5 + Math.sqrt(count) * 2),
          itemStyle: { color: colourOf(grade), opacity: 0.8 },
        })),
      },
      {
        type: "line",
        data: [
          [least, least],
          [most, most],
        ],
        symbol: "none",
        silent: true,
        tooltip: { show: false },
        lineStyle: { color: "#9aa1ad", type: "dashed" },
      },
    ],
  };
}

/** The picture in words, an item a sentence; the keyboard walks through them. */
export function sentences(data: ChartData): string[] {
  const points = (value: number | null | undefined) => (value === null || value === undefined ? "—" : value.toFixed(2));
  switch (data.kind) {
    case "histogram":
      return data.names.map((name, at) => `${name}分：${counts(data.series, at)}`);
    case "shares":
      return data.names.map((name, at) => `${name}：${counts(data.series, at)}`);
    case "boxes":
      return data.names.map((name, at) => {
        const [least, lower, median, upper, most] = data.boxes[at] ?? [];
        return `${name}：最低${points(least)}，四分之一${points(lower)}，中位${points(median)}，四分之三${points(upper)}，最高${points(most)}分`;
      });
    case "flow":
      return data.links.map((link) => `${link.source} → ${link.target}：${link.value}家`);
    case "scatter":
      return data.points.map(
        ([before, now, count, grade]) =>
          `${data.before}年${before}–${before + 1}分，${data.now}年${now}–${now + 1}分：${grade}档${count}家`,
      );
    case "trend":
      return data.years.map((year, at) => `${year}年：${data.grades[at] ?? ""}档，${points(data.scores[at])}分`);
  }
}

function counts(series: { name: string; values: number[] }[], at: number): string {
  return series.map((of) => `${of.name} ${of.values[at] ?? 0}家`).join("，");
}
