import { readJson } from "../shared/dom";
import type { Bounds } from "../shared/geometry";

export interface Entry<K> {
  key: K;
  label: string;
  color: string;
}

export interface Overlay {
  key: string;
  label: string;
  color: string;
  tiles: string;
}

/** What the server writes into `#map-config`; README.md explains each field. */
export interface MapConfig {
  district: { code: string; name: string; bounds: Bounds | null };
  tiles: string;
  minzoom?: number;
  maxzoom?: number;
  outlines: string | null;
  search: string;
  panel: string;
  basemap: { tiles: string[]; attribution?: string; maxzoom?: number } | null;
  year: number;
  as_of: string;
  bands: Entry<number>[];
  supply: Entry<string>[];
  uses: Entry<string>[];
  /** Planning layers in force on the day, to be laid over the parcels. */
  overlays?: Overlay[];
  /** Parcels by their contracts, for the themes `stage`, `late` and `idle`. */
  contracts?: { tiles: string; stage: Entry<string>[]; late: Entry<string>[]; idle: Entry<string>[] };
  /** Parcels by the official results of the year, for the themes `grade` and `score`. */
  results?: { tiles: string; grade: Entry<string>[]; score: Entry<string>[] } | null;
  /** Industrial land by its class in the newest survey, for the theme `surveyed`. */
  survey?: { tiles: string; surveyed: Entry<string>[] } | null;
  /** Parcels by the files of remediation about them or their users, for the themes `progress`, `deadline` and `way`. */
  remediation?: { tiles: string; progress: Entry<string>[]; deadline: Entry<string>[]; way: Entry<string>[] } | null;
  /** As they were on the day; the tiles know each by its present code only. */
  subdistricts: { code: string; name: string; present?: string; former?: string[] }[];
  industries: { code: string; name: string }[];
  selected: string | null;
  selected_bounds?: Bounds | null;
  empty?: boolean;
  hatch?: boolean;
}

export function readConfig(): MapConfig {
  const config = readJson<MapConfig>("#map-config");
  if (!config) throw new Error("the page lacks #map-config");
  return config;
}

/** Workers know no page address, so every URL given to the map library is made absolute, its braces kept. */
export function absolute(url: string): string {
  return url.startsWith("/") ? location.origin + url : url;
}
