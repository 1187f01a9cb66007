import type { GeoJSONSource, Map as MapLibreMap, MapMouseEvent } from "maplibre-gl";
import type { FeatureCollection, Position } from "geojson";
import { CHINESE } from "../map/words";
import { byId } from "../shared/dom";
import { boundsOf, polygonsOf } from "../shared/geometry";

type Library = typeof import("maplibre-gl");

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

/**
 * A polygon drawn corner by corner: a click, or Enter for the middle of the map, sets one; Backspace takes the last one back.
 * The corners stand as lines of `longitude,latitude` in a text field, which may be typed into as well.
 */
export class Sketch {
  private readonly map: MapLibreMap;
  private readonly field: HTMLTextAreaElement;
  private corners: Position[];

  constructor(library: Library, holder: HTMLElement) {
    this.field = document.querySelector<HTMLTextAreaElement>(holder.dataset["field"] ?? "")!;
    this.corners = cornersOf(this.field.value);
    this.map = new library.Map({
      container: holder,
      style: {
        version: 8,
        sources: { outlines: { type: "geojson", data: EMPTY }, sketch: { type: "geojson", data: EMPTY } },
        layers: [
          { id: "background", type: "background", paint: { "background-color": "#eef1f5" } },
          { id: "outlines", type: "line", source: "outlines", paint: { "line-color": "#98a2b3", "line-width": 1.2 } },
          { id: "fill", type: "fill", source: "sketch", paint: { "fill-color": "#2c7fb8", "fill-opacity": 0.3 } },
          { id: "line", type: "line", source: "sketch", paint: { "line-color": "#14508c", "line-width": 2 } },
          { id: "corner", type: "circle", source: "sketch", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 4, "circle-color": "#14508c" } },
        ],
      },
      center: [120.16, 30.31],
      zoom: 12,
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: false,
      doubleClickZoom: false,
      locale: CHINESE,
      fadeDuration: 0,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.ScaleControl({ unit: "metric" }), "bottom-right");
    this.listen(holder);
  }

  private listen(holder: HTMLElement): void {
    this.map.once("load", () => void this.begin(holder.dataset["outlines"]));
    this.map.on("click", (event: MapMouseEvent) => this.add([event.lngLat.lng, event.lngLat.lat]));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.add(this.map.getCenter().toArray());
      else if (event.key === "Backspace") this.undo();
      else return;
      event.preventDefault();
    });
    byId("draw-undo").addEventListener("click", () => this.undo());
    byId("draw-clear").addEventListener("click", () => this.become([]));
    byId("draw-close").addEventListener("click", () => this.close());
    this.field.addEventListener("change", () => {
      this.corners = cornersOf(this.field.value);
      this.draw();
    });
  }

  private async begin(outlines: string | undefined): Promise<void> {
    if (outlines) {
      const answer = await fetch(outlines, { credentials: "same-origin" });
      if (answer.ok) {
        const data = (await answer.json()) as FeatureCollection;
        (this.map.getSource("outlines") as GeoJSONSource).setData(data);
        const bounds = boundsOf(data.features);
        if (bounds && this.corners.length === 0) this.map.fitBounds(bounds, { padding: 20, duration: 0 });
      }
    }
    this.draw();
    if (this.corners.length > 2) {
      const bounds = boundsOf(this.features().features);
      if (bounds) this.map.fitBounds(bounds, { padding: 60, maxZoom: 17, duration: 0 });
    }
    this.map.once("idle", () => (document.body.dataset["mapIdle"] = "true"));
  }

  private add(at: Position): void {
    this.become([...this.corners, [Number(at[0]!.toFixed(7)), Number(at[1]!.toFixed(7))]]);
  }

  private undo(): void {
    this.become(this.corners.slice(0, -1));
  }

  private close(): void {
    byId("draw-status").textContent = this.corners.length < 3 ? "至少需要三个点" : "已闭合，首尾点自动相连";
    if (this.corners.length >= 3) this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private become(corners: Position[]): void {
    this.corners = corners;
    this.field.value = corners.map((at) => at.join(",")).join("\n");
    this.draw();
    byId("draw-status").textContent = corners.length ? `已有 ${corners.length} 个点` : "";
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private draw(): void {
    (this.map.getSource("sketch") as GeoJSONSource | undefined)?.setData(this.features());
  }

  private features(): FeatureCollection {
    const features: FeatureCollection["features"] = this.corners.map((at) => ({
      type: "Feature",
      properties: {},
      geometry: { type: "Point", coordinates: at },
    }));
    if (this.corners.length > 2) {
      const ring = [...this.corners, this.corners[0]!];
      features.push({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } });
    }
    return { type: "FeatureCollection", features };
  }
}

/** Lines of `longitude,latitude`; a text of another kind is left to the server. */
function cornersOf(text: string): Position[] {
  if (text.trimStart().startsWith("{")) return ringOf(text);
  const corners: Position[] = [];
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (!line) continue;
    const parts = line.split(/[,，\s]+/).map(Number);
    if (parts.length !== 2 || parts.some(Number.isNaN)) return [];
    corners.push(parts);
  }
  return corners;
}

/** The outer ring of a GeoJSON polygon in degrees; drawing on turns it into lines. */
function ringOf(text: string): Position[] {
  try {
    const data = JSON.parse(text);
    const geometry = data.features?.[0]?.geometry ?? data.geometry ?? data;
    const ring = polygonsOf(geometry)[0]?.[0] ?? [];
    return ring.every(([lon, lat]) => Math.abs(lon ?? 999) <= 180 && Math.abs(lat ?? 999) <= 90) ? ring.slice(0, -1) : [];
  } catch {
    return [];
  }
}
