import type { Geometry, Position } from "geojson";
import { HEIGHT, METRES_PER_DEGREE, northArrow, projection, scaleBar, svg, text, WIDTH, type Project } from "./frame";
import { boundsOf, polygonsOf, type Bounds } from "../shared/geometry";
import { isPlaced } from "./order";
import { metres } from "./place";
import type { Place, Task } from "./types";

/** Beyond this the own position would shrink the parcel to a dot. */
const FAR = 1500;

/** The parcel, what lies around it and where the device is; nothing has to be loaded for it. */
export function sketchOf(task: Task, here: Place | null): SVGElement {
  const frame = paper("宗地轮廓与所在位置");
  const parcel = boundsOfGeometry(task.geometry);
  if (!parcel) return nothing(frame, "宗地没有图形");
  const near = here && isPlaced(task) && metres(task, here) < FAR ? here : null;
  const bounds = near ? widened(parcel, near) : grown(parcel);
  const { project, metresPerUnit } = projection(bounds);
  draw(frame, task.neighbours, project, "mini-neighbour");
  draw(frame, task.geometry, project, "mini-parcel");
  if (near) frame.append(...marker(near, project, metresPerUnit));
  frame.append(northArrow(), scaleBar(metresPerUnit));
  return frame;
}

/** The tasks in the order they are visited, joined by straight lines. */
export function routeSketch(tasks: Task[], here: Place | null): SVGElement {
  const frame = paper("任务位置与顺序，直线相连");
  const placed = tasks.filter(isPlaced);
  const stops: Position[] = placed.map((task) => [task.longitude, task.latitude]);
  const start: Position[] = here ? [[here.longitude, here.latitude]] : [];
  const all = [...start, ...stops];
  if (stops.length === 0) return nothing(frame, "任务没有图形");
  const { project, metresPerUnit } = projection(grown(boxOf(all)));
  for (const task of placed) draw(frame, task.geometry, project, "mini-parcel");
  frame.append(svg("path", { class: "mh-route-line", d: `M${all.map((at) => project(at).join(" ")).join("L")}` }));
  stops.forEach((at, index) => frame.append(...numbered(index + 1, project(at))));
  if (here) frame.append(...marker(here, project, metresPerUnit));
  frame.append(northArrow(), scaleBar(metresPerUnit));
  return frame;
}

function paper(label: string): SVGElement {
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
}

function nothing(frame: SVGElement, words: string): SVGElement {
  frame.append(text(words, WIDTH / 2, HEIGHT / 2, "mini-none"));
  return frame;
}

function boundsOfGeometry(geometry: Geometry | null): Bounds | null {
  return geometry && boundsOf([{ type: "Feature", properties: null, geometry }]);
}

function boxOf(places: Position[]): Bounds {
  const [xs, ys] = [places.map((at) => at[0]!), places.map((at) => at[1]!)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Some surroundings, so that one sees where to look. */
function grown([west, south, east, north]: Bounds): Bounds {
  const [x, y] = [(east - west) * 0.15 + 1e-5, (north - south) * 0.15 + 1e-5];
  return [west - x, south - y, east + x, north + y];
}

function widened([west, south, east, north]: Bounds, place: Place): Bounds {
  const { longitude, latitude } = place;
  return grown([Math.min(west, longitude), Math.min(south, latitude), Math.max(east, longitude), Math.max(north, latitude)]);
}

function draw(frame: SVGElement, geometry: Geometry | null, project: Project, className: string): void {
  const rings = polygonsOf(geometry).flat();
  if (rings.length === 0) return;
  const d = rings.map((ring) => `M${ring.map((at) => project(at).join(" ")).join("L")}Z`).join("");
  frame.append(svg("path", { class: className, "fill-rule": "evenodd", d }));
}

function marker(place: Place, project: Project, metresPerUnit: number): SVGElement[] {
  const [cx, cy] = project([place.longitude, place.latitude]);
  const radius = Math.min((place.accuracy_m ?? 0) / metresPerUnit, METRES_PER_DEGREE);
  return [
    svg("circle", { class: "mh-here-around", cx, cy, r: Math.max(radius, 8) }),
    svg("circle", { class: "mh-here", cx, cy, r: 6 }),
  ];
}

function numbered(number: number, [cx, cy]: [number, number]): SVGElement[] {
  return [svg("circle", { class: "mh-route-stop", cx, cy, r: 11 }), text(String(number), cx, cy + 4.5, "mh-route-number")];
}
