import type { Map as MapLibreMap, StyleSpecification } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { CHINESE } from "../map/words";
import { byId, readJson } from "../shared/dom";
import { boundsOf, type Bounds } from "../shared/geometry";

type Library = typeof import("maplibre-gl");

interface Fault {
  severity?: "error" | "warning";
  message?: string;
}

const COLOURS = { clear: "#2c7fb8", warning: "#e08a00", error: "#c1121f" };

/** Draws `#preview-data` into `#preview-map`: sound records blue, warned ones amber, refused ones red and thick. */
export function drawPreview(library: Library): void {
  const data = readJson<FeatureCollection>("#preview-data");
  if (!data) return;
  try {
    new Preview(library, withState(data));
  } catch (failure) {
    console.error(failure);
    say("这台设备或浏览器不能显示地图（需要 WebGL 2）。");
  }
}

class Preview {
  private readonly map: MapLibreMap;
  private current: string | null = null;

  constructor(
    library: Library,
    private readonly data: FeatureCollection,
  ) {
    const bounds = boundsOf(data.features);
    this.map = new library.Map({
      container: "preview-map",
      style: styleOf(data),
      ...(bounds ? { bounds, fitBoundsOptions: { padding: 32, maxZoom: 18 } } : { center: [104, 35], zoom: 3 }),
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: false,
      // The page below must still scroll when the pointer passes over the map.
      cooperativeGestures: true,
      locale: {
        ...CHINESE,
        "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 滚动可缩放地图",
        "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 滚动可缩放地图",
        "CooperativeGesturesHandler.MobileHelpText": "请用两指移动地图",
      },
      fadeDuration: 0,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.ScaleControl({ unit: "metric" }), "bottom-right");
    if (!bounds) say("文件中没有可显示的图形。");
    this.listen();
  }

  private listen(): void {
    this.map.once("load", () => void this.drawOutlines());
    this.map.once("idle", () => (document.body.dataset["mapIdle"] = "true"));
    this.map.on("click", "record-fill", (event) => {
      const record = event.features?.[0]?.properties["record"];
      if (record !== undefined) this.show(String(record), false);
    });
    this.map.on("mouseenter", "record-fill", () => (this.map.getCanvas().style.cursor = "pointer"));
    this.map.on("mouseleave", "record-fill", () => (this.map.getCanvas().style.cursor = ""));
    document.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[data-record]");
      if (row?.dataset["record"]) this.show(row.dataset["record"], true);
    });
  }

  /** The district's outlines under the records, where the page names their address. */
  private async drawOutlines(): Promise<void> {
    const address = byId("preview-map").dataset["outlines"];
    const answer = address ? await fetch(address, { credentials: "same-origin" }) : undefined;
    if (!answer?.ok) return;
    const data = (await answer.json()) as FeatureCollection;
    this.map.addSource("outlines", { type: "geojson", data });
    const paint = { "line-color": "#98a2b3", "line-width": 1 };
    this.map.addLayer({ id: "outlines", type: "line", source: "outlines", paint }, "record-fill");
  }

  /** Marks a record on the map, in the words under it and in the table; goes there when asked from the table. */
  private show(record: string, goThere: boolean): void {
    const feature = this.data.features.find((each) => String(each.properties?.["record"]) === record);
    if (!feature) return;
    if (this.current) this.map.setFeatureState({ source: "records", id: this.current }, { current: false });
    this.map.setFeatureState({ source: "records", id: record }, { current: true });
    this.current = record;
    say(wordsFor(feature));
    markRow(record, !goThere);
    const bounds = goThere ? boundsOf([feature]) : null;
    if (bounds) this.map.fitBounds(bounds as Bounds, { padding: 60, maxZoom: 18, duration: 400 });
  }
}

function styleOf(data: FeatureCollection): StyleSpecification {
  const color = ["match", ["get", "state"], "error", COLOURS.error, "warning", COLOURS.warning, COLOURS.clear] as never;
  const current = ["boolean", ["feature-state", "current"], false];
  const width = ["case", current, 5, ["==", ["get", "state"], "error"], 2.5, 1.2] as never;
  return {
    version: 8,
    sources: { records: { type: "geojson", data, promoteId: "record" } },
    layers: [
      { id: "background", type: "background", paint: { "background-color": "#eef1f5" } },
      { id: "record-fill", type: "fill", source: "records", paint: { "fill-color": color, "fill-opacity": 0.35 } },
      { id: "record-line", type: "line", source: "records", paint: { "line-color": color, "line-width": width } },
    ],
  };
}

function withState(data: FeatureCollection): FeatureCollection {
  const features = data.features.map((feature) => ({
    ...feature,
    properties: { ...feature.properties, record: String(feature.properties?.["record"] ?? ""), state: stateOf(feature) },
  }));
  // The refused ones are drawn last, so that no sound neighbour hides them.
  const rank = { clear: 0, warning: 1, error: 2 };
  features.sort((a, b) => rank[a.properties.state] - rank[b.properties.state]);
  return { type: "FeatureCollection", features };
}

function faultsOf(feature: Feature): Fault[] {
  const faults: unknown = feature.properties?.["faults"];
  if (!Array.isArray(faults)) return [];
  return faults.map((fault) => (typeof fault === "string" ? { message: fault } : (fault as Fault)));
}

function stateOf(feature: Feature): "clear" | "warning" | "error" {
  const faults = faultsOf(feature);
  if (faults.length === 0) return "clear";
  return faults.every((fault) => fault.severity === "warning") ? "warning" : "error";
}

function wordsFor(feature: Feature): string {
  const own: unknown = feature.properties?.["words"];
  if (typeof own === "string") return own;
  const code = feature.properties?.["code"];
  const head = `第 ${feature.properties?.["record"]} 条${code ? `，${code}` : ""}`;
  const faults = faultsOf(feature).flatMap((fault) => fault.message ?? []);
  return `${head}：${faults.length ? faults.join("；") : "没有发现问题"}`;
}

function markRow(record: string, scroll: boolean): void {
  for (const row of document.querySelectorAll<HTMLElement>("[data-record]")) {
    const here = row.dataset["record"] === record;
    row.classList.toggle("table-active", here);
    if (here && scroll) row.scrollIntoView({ block: "nearest" });
  }
}

function say(text: string): void {
  byId("preview-note").textContent = text;
}
