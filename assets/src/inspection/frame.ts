// What a picture of a parcel is framed in: projection, north, scale. The server draws the same for its pages.
import type { Position } from "geojson";
import type { Bounds } from "../shared/geometry";

const SVG = "http://www.w3.org/2000/svg";
export const WIDTH = 480;
export const HEIGHT = 320;
const MARGIN = 28;
export const METRES_PER_DEGREE = 111_320;

export type Project = (at: Position) => [number, number];

/** Local and equidistant: at the size of a parcel's surroundings nothing better can be seen. */
export function projection([west, south, east, north]: Bounds): { project: Project; metresPerUnit: number } {
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, high] = [Math.max((east - west) * squeeze, 1e-7), Math.max(north - south, 1e-7)];
  const scale = Math.min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high);
  const left = (WIDTH - wide * scale) / 2;
  const top = (HEIGHT - high * scale) / 2;
  const project: Project = ([lon, lat]) => [
    round(left + (lon! - west) * squeeze * scale),
    round(top + (north - lat!) * scale),
  ];
  return { project, metresPerUnit: METRES_PER_DEGREE / scale };
}

export function northArrow(): SVGElement {
  const arrow = svg("g", { class: "mini-north", transform: `translate(${WIDTH - 22} 12)` });
  arrow.append(svg("path", { d: "M0 0 6 18 0 14-6 18Z" }), text("北", 0, 32, ""));
  return arrow;
}

export function scaleBar(metresPerUnit: number): SVGElement {
  const metres = roundLength(metresPerUnit * 110);
  const length = round(metres / metresPerUnit);
  const bar = svg("g", { class: "mini-scale", transform: `translate(12 ${HEIGHT - 12})` });
  bar.append(svg("path", { d: `M0-5V0H${length}V-5` }));
  bar.append(text(metres >= 1000 ? `${metres / 1000} 公里` : `${metres} 米`, length + 6, 0, ""));
  return bar;
}

/** The largest of 1, 2, 5 times a power of ten that is not above. */
function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  return ([5, 2].find((digit) => digit * power <= metres) ?? 1) * power;
}

export function text(words: string, x: number, y: number, className: string): SVGElement {
  const element = svg("text", { x, y, class: className });
  element.textContent = words;
  return element;
}

export function svg(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
