import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import { absolute, type Entry, type MapConfig, type Overlay } from "./config";

/** Colourings that come with tiles of their own, laid over plain parcels: the name of their tiles, and their themes. */
const LAID = {
  contracts: ["stage", "late", "idle"],
  results: ["grade", "score"],
  survey: ["surveyed"],
  remediation: ["progress", "deadline", "way"],
} as const;

export type LaidName = keyof typeof LAID;
export type Theme = "band" | "supply" | "use" | (typeof LAID)[LaidName][number];

/** What the user asks to see; null means no restriction. */
export interface Filters {
  subdistrict: string | null;
  industry: string | null;
  flagged: boolean;
  /** How a file of remediation stands to its day, and its way: of the colours of files alone. */
  deadline: string | null;
  way: string | null;
}

export const PARCELS = "parcels";
export const OUTLINES = "outlines";
export const LABELS = "outline-labels";
export const HATCH = "hatch";
export const PARCEL_FILL = "parcel-fill";
/** Colour of a parcel whose value the tile does not give or the legend does not name. */
export const UNLISTED = "#c5cad3";

const PARCEL_LAYERS = [PARCEL_FILL, "parcel-hatch", "parcel-line", "parcel-flag", "parcel-halo", "parcel-selected"];
const ATTRIBUTE: Record<Theme, string> = {
  band: "b",
  supply: "s",
  use: "u",
  stage: "g",
  late: "l",
  idle: "o",
  grade: "g",
  score: "v",
  surveyed: "k",
  progress: "k",
  deadline: "l",
  way: "w",
};
const NOTHING = { type: "FeatureCollection" as const, features: [] };

export function isTheme(text: string): text is Theme {
  return Object.hasOwn(ATTRIBUTE, text);
}

export function entriesOf(config: MapConfig, theme: Theme): Entry<string | number>[] {
  const laid = laidOf(theme);
  if (laid) return (config[laid] as Record<string, Entry<string>[]> | null | undefined)?.[theme] ?? [];
  return { band: config.bands, supply: config.supply, use: config.uses }[theme as "band" | "supply" | "use"];
}

/** The tiles that a theme colours, where they are not the parcels' own. */
export function laidOf(theme: Theme): LaidName | null {
  const names = Object.keys(LAID) as LaidName[];
  return names.find((name) => (LAID[name] as readonly string[]).includes(theme)) ?? null;
}

/** Those of a map, by name. */
export function laidIn(config: MapConfig): LaidName[] {
  return (Object.keys(LAID) as LaidName[]).filter((name) => config[name]);
}

export function fillOf(name: LaidName): string {
  return `${name}-fill`;
}

/** Colour of a parcel without a contract, used by nobody who was graded, or without what else the theme shows. */
export const NOTHING_LAID = "#f1f3f6";

export function laidColor(config: MapConfig, name: LaidName, theme: Theme): ExpressionSpecification | string {
  const entries = laidOf(theme) === name ? entriesOf(config, theme) : [];
  if (entries.length === 0) return UNLISTED;
  const pairs = entries.flatMap((entry) => [entry.key, entry.color]);
  return ["match", ["coalesce", ["get", ATTRIBUTE[theme]], ""], ...pairs, UNLISTED] as unknown as ExpressionSpecification;
}

export function parcelColor(config: MapConfig, theme: Theme): ExpressionSpecification | string {
  if (laidOf(theme)) return NOTHING_LAID;
  const entries = entriesOf(config, theme);
  if (entries.length === 0) return UNLISTED;
  const pairs = entries.flatMap((entry) => [entry.key, entry.color]);
  const missing = theme === "band" ? -1 : "";
  const value = ["coalesce", ["get", ATTRIBUTE[theme]], missing];
  return ["match", value, ...pairs, UNLISTED] as unknown as ExpressionSpecification;
}

/**
 * The filter of a parcel layer; tiles that are laid over it carry the same attributes for it. A selected parcel stays visible
 * whatever the filters say, so that a search never goes to an empty place.
 */
export function parcelFilter(layer: string, filters: Filters, selected: string[]): FilterSpecification | null {
  const wanted: unknown[] = [];
  if (filters.subdistrict) wanted.push(["==", ["get", "d"], filters.subdistrict]);
  if (filters.industry) wanted.push(["in", filters.industry, ["coalesce", ["get", "i"], ""]]);
  if (filters.flagged) wanted.push(["==", ["get", "f"], 1]);
  if (layer === fillOf("remediation")) {
    if (filters.deadline) wanted.push(["==", ["get", "l"], filters.deadline]);
    if (filters.way) wanted.push(["==", ["get", "w"], filters.way]);
  }
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
  for (const name of laidIn(config)) {
    sources[name] = {
      type: "vector",
      tiles: [absolute(config[name]!.tiles)],
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
    ...laidLayers(config, theme),
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

/** Each asks for no tiles until one of its themes is chosen. */
function laidLayers(config: MapConfig, theme: Theme): LayerSpecification[] {
  return laidIn(config).map((name): LayerSpecification => ({
    id: fillOf(name),
    type: "fill",
    source: name,
    "source-layer": name,
    layout: { visibility: laidOf(theme) === name ? "visible" : "none" },
    paint: { "fill-color": laidColor(config, name, theme) as never, "fill-opacity": config.basemap ? 0.75 : 1 },
  }));
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
