import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import { absolute, type Entry, type MapConfig, type Overlay } from "./config";

export type Theme = "band" | "supply" | "use" | ContractTheme | ResultTheme | SurveyTheme;
export type ContractTheme = "stage" | "late" | "idle";
export type ResultTheme = "grade" | "score";
export type SurveyTheme = "surveyed";

/** What the user asks to see; null means no restriction. */
export interface Filters {
  subdistrict: string | null;
  industry: string | null;
  flagged: boolean;
}

export const PARCELS = "parcels";
export const OUTLINES = "outlines";
export const LABELS = "outline-labels";
export const HATCH = "hatch";
export const PARCEL_FILL = "parcel-fill";
export const CONTRACTS = "contracts";
export const CONTRACT_FILL = "contract-fill";
export const RESULTS = "results";
export const RESULT_FILL = "result-fill";
export const SURVEY = "survey";
export const SURVEY_FILL = "survey-fill";
/** Colour of a parcel whose value the tile does not give or the legend does not name. */
export const UNLISTED = "#c5cad3";

const PARCEL_LAYERS = [PARCEL_FILL, "parcel-hatch", "parcel-line", "parcel-flag", "parcel-halo", "parcel-selected"];
const ATTRIBUTE: Record<Theme, string> = { band: "b", supply: "s", use: "u", stage: "g", late: "l", idle: "o", grade: "g", score: "v", surveyed: "k" };
const NOTHING = { type: "FeatureCollection" as const, features: [] };

export function entriesOf(config: MapConfig, theme: Theme): Entry<string | number>[] {
  if (isContractTheme(theme)) return config.contracts?.[theme] ?? [];
  if (isResultTheme(theme)) return config.results?.[theme] ?? [];
  if (isSurveyTheme(theme)) return config.survey?.[theme] ?? [];
  return { band: config.bands, supply: config.supply, use: config.uses }[theme];
}

/** These colours come with tiles of their own, laid over plain parcels. */
export function isContractTheme(theme: Theme): theme is ContractTheme {
  return theme === "stage" || theme === "late" || theme === "idle";
}

/** These too. */
export function isResultTheme(theme: Theme): theme is ResultTheme {
  return theme === "grade" || theme === "score";
}

/** And this one. */
export function isSurveyTheme(theme: Theme): theme is SurveyTheme {
  return theme === "surveyed";
}

/** Colour of a parcel without a contract, or used by nobody who was graded. */
export const NO_CONTRACT = "#f1f3f6";

export function contractColor(config: MapConfig, theme: Theme): ExpressionSpecification | string {
  return laidColor(theme, isContractTheme(theme) ? entriesOf(config, theme) : []);
}

export function resultColor(config: MapConfig, theme: Theme): ExpressionSpecification | string {
  return laidColor(theme, isResultTheme(theme) ? entriesOf(config, theme) : []);
}

export function surveyColor(config: MapConfig, theme: Theme): ExpressionSpecification | string {
  return laidColor(theme, isSurveyTheme(theme) ? entriesOf(config, theme) : []);
}

function laidColor(theme: Theme, entries: Entry<string | number>[]): ExpressionSpecification | string {
  if (entries.length === 0) return UNLISTED;
  const pairs = entries.flatMap((entry) => [entry.key, entry.color]);
  return ["match", ["coalesce", ["get", ATTRIBUTE[theme]], ""], ...pairs, UNLISTED] as unknown as ExpressionSpecification;
}

export function parcelColor(config: MapConfig, theme: Theme): ExpressionSpecification | string {
  if (isContractTheme(theme) || isResultTheme(theme) || isSurveyTheme(theme)) return NO_CONTRACT;
  const entries = entriesOf(config, theme);
  if (entries.length === 0) return UNLISTED;
  const pairs = entries.flatMap((entry) => [entry.key, entry.color]);
  const missing = theme === "band" ? -1 : "";
  const value = ["coalesce", ["get", ATTRIBUTE[theme]], missing];
  return ["match", value, ...pairs, UNLISTED] as unknown as ExpressionSpecification;
}

/**
 * The filter of a parcel layer; the tiles of contracts and results carry the same attributes for it. A selected parcel stays visible whatever the filters say,
 * so that a search never goes to an empty place.
 */
export function parcelFilter(layer: string, filters: Filters, selected: string[]): FilterSpecification | null {
  const wanted: unknown[] = [];
  if (filters.subdistrict) wanted.push(["==", ["get", "d"], filters.subdistrict]);
  if (filters.industry) wanted.push(["in", filters.industry, ["coalesce", ["get", "i"], ""]]);
  if (filters.flagged) wanted.push(["==", ["get", "f"], 1]);
  const shown = wanted.length ? ["any", ["all", ...wanted], ["in", ["get", "c"], ["literal", selected]]] : null;
  if (layer !== "parcel-hatch") return shown as FilterSpecification | null;
  const flagged = ["==", ["get", "f"], 1];
  return (shown ? ["all", flagged, shown] : flagged) as unknown as FilterSpecification;
}

export function parcelLayersOf(config: MapConfig): string[] {
  return PARCEL_LAYERS.filter((layer) => layer !== "parcel-hatch" || config.hatch !== false);
}

/** The map layers of a planning layer. */
export function planLayersOf(key: string): [string, string] {
  return [`plan-${key}-fill`, `plan-${key}-line`];
}

export function styleOf(config: MapConfig, theme: Theme, plans: string[]): StyleSpecification {
  return {
    version: 8,
    sources: sourcesOf(config),
    layers: [...groundLayers(config), ...parcelLayers(config, theme), ...planLayers(config, plans), ...outlineLayers(), ...selectionLayers(), labels()],
  };
}

function sourcesOf(config: MapConfig): Record<string, SourceSpecification> {
  const sources: Record<string, SourceSpecification> = {
    [PARCELS]: {
      type: "vector",
      tiles: [absolute(config.tiles)],
      minzoom: config.minzoom ?? 5,
      maxzoom: config.maxzoom ?? 16,
      promoteId: { [PARCELS]: "c" },
    },
    [OUTLINES]: { type: "geojson", data: NOTHING },
    [LABELS]: { type: "geojson", data: NOTHING },
  };
  if (config.contracts) {
    sources[CONTRACTS] = {
      type: "vector",
      tiles: [absolute(config.contracts.tiles)],
      minzoom: config.minzoom ?? 5,
      maxzoom: config.maxzoom ?? 16,
    };
  }
  if (config.results) {
    sources[RESULTS] = {
      type: "vector",
      tiles: [absolute(config.results.tiles)],
      minzoom: config.minzoom ?? 5,
      maxzoom: config.maxzoom ?? 16,
    };
  }
  if (config.survey) {
    sources[SURVEY] = {
      type: "vector",
      tiles: [absolute(config.survey.tiles)],
      minzoom: config.minzoom ?? 5,
      maxzoom: config.maxzoom ?? 16,
    };
  }
  for (const overlay of config.overlays ?? []) {
    sources[planSource(overlay)] = {
      type: "vector",
      tiles: [absolute(overlay.tiles)],
      minzoom: Math.max(config.minzoom ?? 5, 9),
      maxzoom: config.maxzoom ?? 16,
    };
  }
  if (config.basemap) {
    sources["basemap"] = {
      type: "raster",
      tiles: config.basemap.tiles.map(absolute),
      tileSize: 256,
      maxzoom: config.basemap.maxzoom ?? 18,
      attribution: config.basemap.attribution ?? "",
    };
  }
  return sources;
}

function groundLayers(config: MapConfig): LayerSpecification[] {
  const background: LayerSpecification = {
    id: "background",
    type: "background",
    paint: { "background-color": "#e9edf2" },
  };
  if (config.basemap) return [background, { id: "basemap", type: "raster", source: "basemap" }];
  const ground: LayerSpecification = {
    id: "district-ground",
    type: "fill",
    source: OUTLINES,
    filter: ["==", ["get", "kind"], "district"],
    paint: { "fill-color": "#fbfbf9" },
  };
  return [background, ground];
}

function parcelLayers(config: MapConfig, theme: Theme): LayerSpecification[] {
  const from = { source: PARCELS, "source-layer": PARCELS };
  const layers: LayerSpecification[] = [
    {
      id: PARCEL_FILL,
      type: "fill",
      ...from,
      paint: { "fill-color": parcelColor(config, theme) as never, "fill-opacity": config.basemap ? 0.7 : 0.92 },
    },
    ...contractLayers(config, theme),
    ...resultLayers(config, theme),
    ...surveyLayers(config, theme),
    {
      id: "parcel-hatch",
      type: "fill",
      ...from,
      minzoom: 13.5,
      filter: ["==", ["get", "f"], 1],
      paint: { "fill-pattern": HATCH },
    },
    {
      id: "parcel-line",
      type: "line",
      ...from,
      minzoom: 12,
      paint: { "line-color": "#59616e", "line-width": byZoom([12, 0.15], [15, 0.6], [18, 1.2]) },
    },
    {
      // Flagged land is told by its outline too, not by colour alone.
      id: "parcel-flag",
      type: "line",
      ...from,
      paint: {
        "line-color": "#7a0019",
        "line-width": byZoom([10, when("flag", 0.4)], [13, when("flag", 1.2)], [17, when("flag", 3)]),
      },
    },
  ];
  return config.hatch === false ? layers.filter((layer) => layer.id !== "parcel-hatch") : layers;
}

/** Asks for no tiles until one of its themes is chosen. */
function contractLayers(config: MapConfig, theme: Theme): LayerSpecification[] {
  if (!config.contracts) return [];
  return [
    {
      id: CONTRACT_FILL,
      type: "fill",
      source: CONTRACTS,
      "source-layer": CONTRACTS,
      layout: { visibility: isContractTheme(theme) ? "visible" : "none" },
      paint: { "fill-color": contractColor(config, theme) as never, "fill-opacity": config.basemap ? 0.75 : 1 },
    },
  ];
}

function resultLayers(config: MapConfig, theme: Theme): LayerSpecification[] {
  if (!config.results) return [];
  return [
    {
      id: RESULT_FILL,
      type: "fill",
      source: RESULTS,
      "source-layer": RESULTS,
      layout: { visibility: isResultTheme(theme) ? "visible" : "none" },
      paint: { "fill-color": resultColor(config, theme) as never, "fill-opacity": config.basemap ? 0.75 : 1 },
    },
  ];
}

function surveyLayers(config: MapConfig, theme: Theme): LayerSpecification[] {
  if (!config.survey) return [];
  return [
    {
      id: SURVEY_FILL,
      type: "fill",
      source: SURVEY,
      "source-layer": SURVEY,
      layout: { visibility: isSurveyTheme(theme) ? "visible" : "none" },
      paint: { "fill-color": surveyColor(config, theme) as never, "fill-opacity": config.basemap ? 0.75 : 1 },
    },
  ];
}

function planSource(overlay: Overlay): string {
  return `plan-${overlay.key}`;
}

/** A layer that is not shown asks for no tiles. */
function planLayers(config: MapConfig, plans: string[]): LayerSpecification[] {
  return (config.overlays ?? []).flatMap((overlay): LayerSpecification[] => {
    const [fill, line] = planLayersOf(overlay.key);
    const from = { source: planSource(overlay), "source-layer": "plan" };
    const layout = { visibility: plans.includes(overlay.key) ? ("visible" as const) : ("none" as const) };
    return [
      { id: fill, type: "fill", ...from, layout, paint: { "fill-color": overlay.color, "fill-opacity": 0.22 } },
      { id: line, type: "line", ...from, layout, paint: { "line-color": overlay.color, "line-width": byZoom([9, 0.8], [14, 1.6], [17, 2.4]) } },
    ];
  });
}

function selectionLayers(): LayerSpecification[] {
  const from = { type: "line" as const, source: PARCELS, "source-layer": PARCELS };
  return [
    {
      id: "parcel-halo",
      ...from,
      paint: { "line-color": "#ffffff", "line-width": byZoom([13, when("selected", 5)], [17, when("selected", 9)]) },
    },
    {
      id: "parcel-selected",
      ...from,
      paint: {
        "line-color": "#0a2540",
        "line-width": byZoom([13, selectedOrHovered(2.6, 1.5)], [17, selectedOrHovered(5, 2.5)]),
      },
    },
  ];
}

function outlineLayers(): LayerSpecification[] {
  const line = (id: string, kind: string, paint: object): LayerSpecification => ({
    id,
    type: "line",
    source: OUTLINES,
    filter: ["==", ["get", "kind"], kind],
    layout: { "line-join": "round", "line-cap": "round" },
    paint,
  });
  return [
    // Solid: neighbours share their border, and two dashed lines over each other make no dashes.
    line("subdistrict-line", "subdistrict", { "line-color": "#5b6b82", "line-width": 1.2 }),
    line("platform-line", "platform", { "line-color": "#6d28a8", "line-width": 2, "line-dasharray": [1, 2.2] }),
    line("district-casing", "district", { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.8 }),
    line("district-line", "district", { "line-color": "#1f3b63", "line-width": 2.6 }),
  ];
}

function labels(): LayerSpecification {
  const kind = ["get", "kind"];
  return {
    id: "outline-label",
    type: "symbol",
    source: LABELS,
    minzoom: 9,
    filter: ["any", ["==", kind, "subdistrict"], ["all", ["==", kind, "platform"], [">=", ["zoom"], 13]]] as never,
    layout: {
      "text-field": ["get", "name"],
      "text-font": ["sans-serif"],
      "text-size": byZoom([10, 11], [14, 15], [17, 18]),
      "text-padding": 6,
      "symbol-sort-key": ["match", kind, "subdistrict", 0, 1] as never,
    },
    paint: {
      "text-color": ["match", kind, "platform", "#5b1d93", "#22334d"] as never,
      "text-halo-color": "rgba(255,255,255,0.92)",
      "text-halo-width": 1.8,
    },
  };
}

function byZoom(...stops: [number, unknown][]): never {
  return ["interpolate", ["linear"], ["zoom"], ...stops.flat()] as never;
}

function stateIs(state: "selected" | "hover"): unknown {
  return ["boolean", ["feature-state", state], false];
}

function selectedOrHovered(selected: number, hovered: number): unknown {
  return ["case", stateIs("selected"), selected, stateIs("hover"), hovered, 0];
}

function when(what: "flag" | "selected", width: number): never {
  const held = what === "flag" ? ["==", ["get", "f"], 1] : stateIs("selected");
  return ["case", held, width, 0] as never;
}
