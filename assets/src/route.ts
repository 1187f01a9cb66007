import type { Map as MapLibreMap, Marker } from "maplibre-gl";
import type { Feature, FeatureCollection, Geometry } from "geojson";
import { isPlaced, nearestFirst } from "./inspection/order";
import { lengthText } from "./inspection/place";
import { CHINESE } from "./map/words";
import { byId, make, readJson } from "./shared/dom";
import { boundsOf } from "./shared/geometry";

interface Stop {
  id: string;
  parcel: string;
  overdue: boolean;
  geometry: Geometry | null;
  longitude: number | null;
  latitude: number | null;
}

interface Start {
  longitude: number;
  latitude: number;
}

type Library = typeof import("maplibre-gl");

/** The day's tasks on the map in the order they are visited. */
class RouteMap {
  private markers: Marker[] = [];
  private readonly map: MapLibreMap;

  constructor(
    private readonly library: Library,
    private readonly stops: Stop[],
  ) {
    const bounds = boundsOf(outlines(stops).features);
    this.map = new library.Map({
      container: "route-map",
      style: {
        version: 8,
        sources: {
          outlines: { type: "geojson", data: outlines(stops) },
          line: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
        },
        layers: [
          { id: "background", type: "background", paint: { "background-color": "#eef1f5" } },
          { id: "parcel", type: "fill", source: "outlines", paint: { "fill-color": ["case", ["get", "overdue"], "#d55e00", "#4a90c2"], "fill-opacity": 0.45 } },
          { id: "edge", type: "line", source: "outlines", paint: { "line-color": "#0a2540", "line-width": 1.5 } },
          { id: "line", type: "line", source: "line", paint: { "line-color": "#7a0019", "line-width": 2, "line-dasharray": [3, 2] } },
        ],
      },
      ...(bounds ? { bounds, fitBoundsOptions: { padding: 48, maxZoom: 17 } } : { center: [104, 35], zoom: 3 }),
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: false,
      cooperativeGestures: true,
      locale: { ...CHINESE, "CooperativeGesturesHandler.MobileHelpText": "请用两指移动地图", "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 滚动可缩放地图" },
      fadeDuration: 0,
    });
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.ScaleControl({ unit: "metric" }), "bottom-right");
    this.map.once("idle", () => (document.body.dataset["mapIdle"] = "true"));
    this.map.on("load", () => this.draw(null));
  }

  draw(start: Start | null): void {
    const { order, length } = nearestFirst(this.stops, start);
    const placed = order.filter(isPlaced);
    const path = [...(start ? [[start.longitude, start.latitude]] : []), ...placed.map((stop) => [stop.longitude, stop.latitude])];
    const line: Feature = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: path } };
    const source = this.map.getSource("line") as unknown as { setData(data: FeatureCollection): void };
    source.setData({ type: "FeatureCollection", features: path.length > 1 ? [line] : [] });
    this.markers.forEach((marker) => marker.remove());
    this.markers = placed.map((stop, index) => {
      const element = make("div", "mh-route-marker", String(index + 1));
      return new this.library.Marker({ element }).setLngLat([stop.longitude, stop.latitude]).addTo(this.map);
    });
    if (start) {
      const element = make("div", "mh-route-marker mh-route-start", "我");
      this.markers.push(new this.library.Marker({ element }).setLngLat([start.longitude, start.latitude]).addTo(this.map));
    }
    say(order, length, start);
  }
}

function outlines(stops: Stop[]): FeatureCollection {
  const features = stops.flatMap((stop): Feature[] =>
    stop.geometry ? [{ type: "Feature", properties: { overdue: stop.overdue }, geometry: stop.geometry }] : [],
  );
  return { type: "FeatureCollection", features };
}

/** The list below follows the numbers on the map. */
function say(order: Stop[], length: number, start: Start | null): void {
  const from = start ? "从您的位置出发" : "从期限最早的任务出发";
  byId("route-note").textContent = `${from}，先近后远，共 ${order.length} 处，直线约 ${lengthText(length)}。连线为直线，不是道路。`;
  const list = byId("route-list");
  for (const stop of order) list.append(list.querySelector(`[data-task="${stop.id}"]`)!);
}

const stops = readJson<Stop[]>("#route-data");
if (stops) {
  const { order, length } = nearestFirst(stops, null);
  say(order, length, null);
  try {
    const map = new RouteMap(await import("maplibre-gl"), stops);
    byId("route-here").addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => map.draw({ longitude: coords.longitude, latitude: coords.latitude }),
        () => (byId("route-note").textContent = "无法取得位置，仍按期限最早的任务排列。"),
        { enableHighAccuracy: true, timeout: 15_000 },
      );
    });
  } catch (failure) {
    console.error(failure);
    byId("route-note").textContent += "这台设备不能显示地图（需要 WebGL 2）。";
  }
}
