import {
  AttributionControl,
  GeolocateControl,
  Map as MapLibreMap,
  NavigationControl,
  ScaleControl,
  type GeoJSONSource,
  type MapMouseEvent,
  type PaddingOptions,
  type PointLike,
  type VectorTileSource,
} from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import { labelPoints, type Bounds } from "../shared/geometry";
import type { View } from "./address";
import { absolute, type MapConfig } from "./config";
import { hatchImage } from "./hatch";
import { failureText, type Status } from "./status";
import {
  fillOf,
  HATCH,
  LABELS,
  laidColor,
  laidIn,
  laidOf,
  OUTLINES,
  parcelColor,
  parcelFilter,
  parcelLayersOf,
  PARCELS,
  PARCEL_FILL,
  planLayersOf,
  styleOf,
  type Filters,
  type Theme,
} from "./style";
import { CHINESE } from "./words";

interface Answers {
  /** Parcels were chosen at a place on the screen; `focus` when by keyboard. */
  pick(codes: string[], at: { x: number; y: number }, focus: boolean): void;
  /** The part of the screen that the panel covers. */
  covered(): DOMRect | null;
}

const CHINA: Bounds = [73.5, 18, 135, 53.6];
/** Parcels may lie a little over the district's line: about 5 km are still asked for. */
const MARGIN_DEGREES = 0.05;
const FINGER_PIXELS = 8;

/** The MapLibre map and everything that is said to it. */
export class Atlas {
  private readonly map: MapLibreMap;
  private readonly layers: string[];
  private selected: string[] = [];
  private hovered: string | null = null;
  private filters: Filters;
  private theme: Theme;

  constructor(
    private readonly config: MapConfig,
    view: View,
    private readonly status: Status,
    private readonly answers: Answers,
  ) {
    this.filters = view.filters;
    this.theme = view.theme;
    this.layers = [...parcelLayersOf(config), ...laidIn(config).map(fillOf)];
    this.map = new MapLibreMap({
      container: "map",
      style: this.restrictedStyle(view),
      bounds: config.district.bounds ?? CHINA,
      fitBoundsOptions: { padding: this.padding() },
      hash: true,
      minZoom: 3,
      maxZoom: 20,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      localIdeographFontFamily: '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif',
      locale: CHINESE,
      fadeDuration: 0,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.addControls();
    this.listen();
    void this.start();
  }

  paint(theme: Theme): void {
    this.theme = theme;
    this.onceReady(() => {
      this.map.setPaintProperty(PARCEL_FILL, "fill-color", parcelColor(this.config, theme));
      for (const name of laidIn(this.config)) {
        this.map.setPaintProperty(fillOf(name), "fill-color", laidColor(this.config, name, theme));
        this.map.setLayoutProperty(fillOf(name), "visibility", laidOf(theme) === name ? "visible" : "none");
      }
    });
  }

  /** Lays the planning layers named over the parcels, and no others. */
  layOver(plans: string[]): void {
    this.onceReady(() => {
      for (const { key } of this.config.overlays ?? []) {
        const visibility = plans.includes(key) ? "visible" : "none";
        for (const layer of planLayersOf(key)) this.map.setLayoutProperty(layer, "visibility", visibility);
      }
    });
  }

  restrict(filters: Filters): void {
    this.filters = filters;
    this.onceReady(() => {
      for (const layer of this.layers) this.map.setFilter(layer, parcelFilter(layer, filters, this.selected));
    });
    if (!this.isRestricted()) this.status.clear("filters");
  }

  highlight(codes: string[], filters: Filters): void {
    for (const code of this.selected) this.setState(code, { selected: false });
    for (const code of codes) this.setState(code, { selected: true });
    this.selected = codes;
    if (Object.values(filters).some(Boolean)) this.restrict(filters);
  }

  flyTo(bounds: Bounds): void {
    this.map.fitBounds(bounds, { padding: this.padding(), maxZoom: 17, duration: calm() ? 0 : 900 });
  }

  jumpTo(bounds: Bounds): void {
    this.map.fitBounds(bounds, { padding: this.padding(), maxZoom: 17, animate: false });
  }

  /** Moves the map only when the panel has come to lie over the chosen place. */
  keepInSight(at: { x: number; y: number }, panel: DOMRect | null): void {
    if (!panel) return;
    const frame = this.map.getContainer().getBoundingClientRect();
    const [x, y] = [at.x + frame.left, at.y + frame.top];
    if (x < panel.left || x > panel.right || y < panel.top || y > panel.bottom) return;
    const below = panel.width > frame.width * 0.8;
    const away: [number, number] = below
      ? [0, y - (frame.top + panel.top) / 2]
      : [x - (frame.left + panel.left) / 2, 0];
    this.map.panBy(away, { duration: calm() ? 0 : 300 });
  }

  sees(code: string): boolean {
    const filter = ["==", ["get", "c"], code] as never;
    return this.map.queryRenderedFeatures({ layers: [PARCEL_FILL], filter }).length > 0;
  }

  private restrictedStyle(view: View) {
    const style = styleOf(this.config, view.theme, view.plans);
    const bounds = this.config.district.bounds;
    for (const source of Object.values(style.sources)) {
      if (bounds && source.type === "vector") source.bounds = widen(bounds);
    }
    for (const layer of style.layers) {
      const filter = this.layers.includes(layer.id) ? parcelFilter(layer.id, view.filters, view.parcels) : null;
      if (filter) Object.assign(layer, { filter });
    }
    return style;
  }

  private addControls(): void {
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (matchMedia("(pointer: coarse), (max-width: 767.98px)").matches) {
      const position = new GeolocateControl({ positionOptions: { enableHighAccuracy: true }, showAccuracyCircle: true });
      position.on("error", () => this.status.say("place", "无法取得当前位置，请检查定位权限。"));
      this.map.addControl(position, "top-right");
    }
    if (this.config.basemap?.attribution) {
      this.map.addControl(new AttributionControl({ compact: true }), "bottom-right");
    }
    this.map.addControl(new ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-right");
  }

  private listen(): void {
    this.map.once("style.load", () => this.map.addImage(HATCH, hatchImage(), { pixelRatio: 2 }));
    this.map.on("click", (event) => this.onClick(event));
    this.map.on("mousemove", PARCEL_FILL, (event) => this.hover(codeOf(event.features?.[0])));
    this.map.on("mouseleave", PARCEL_FILL, () => this.hover(null));
    this.map.on("idle", () => this.onIdle());
    this.map.on("error", (event) => this.onError(event));
    const canvas = this.map.getCanvas();
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.pickAtCentre();
    });
    // The drawing buffer is not kept, so a frame must be drawn right before the page is printed.
    window.addEventListener("beforeprint", () => this.map.redraw());
  }

  private async start(): Promise<void> {
    const loaded = new Promise((resolve) => this.map.once("load", resolve));
    const outlines = await this.fetchOutlines();
    await loaded;
    if (outlines) this.drawOutlines(outlines);
    this.map.once("idle", () => (document.body.dataset["mapIdle"] = "true"));
    this.map.triggerRepaint();
  }

  private async fetchOutlines(): Promise<FeatureCollection | null> {
    if (!this.config.outlines) return null;
    try {
      const answer = await fetch(absolute(this.config.outlines), { headers: { Accept: "application/geo+json" } });
      if (answer.ok && !answer.redirected) return (await answer.json()) as FeatureCollection;
      this.status.say("outlines", failureText("区划界线读取失败", answer.redirected ? 401 : answer.status));
    } catch {
      this.status.say("outlines", failureText("区划界线读取失败", undefined));
    }
    return null;
  }

  private drawOutlines(outlines: FeatureCollection): void {
    this.map.getSource<GeoJSONSource>(OUTLINES)?.setData(outlines);
    this.map.getSource<GeoJSONSource>(LABELS)?.setData(labelPoints(outlines));
  }

  private onClick(event: MapMouseEvent): void {
    const touch = (event.originalEvent as PointerEvent).pointerType === "touch";
    const codes = this.codesAt(event.point, touch ? FINGER_PIXELS : 2);
    if (codes.length) this.answers.pick(codes, event.point, false);
  }

  private pickAtCentre(): void {
    const { clientWidth, clientHeight } = this.map.getContainer();
    const centre = { x: clientWidth / 2, y: clientHeight / 2 };
    const codes = this.codesAt(centre, 2);
    if (codes.length) this.answers.pick(codes, centre, true);
  }

  /** Every parcel under the point; when there is none, the one nearest within reach of a finger or pointer. */
  private codesAt(point: { x: number; y: number }, reach: number): string[] {
    const exact = this.codesIn([point.x, point.y]);
    if (exact.length) return exact;
    const around = this.codesIn([
      [point.x - reach, point.y - reach],
      [point.x + reach, point.y + reach],
    ]);
    return around.slice(0, 1);
  }

  private codesIn(place: PointLike | [PointLike, PointLike]): string[] {
    const found = this.map.queryRenderedFeatures(place, { layers: [PARCEL_FILL] });
    return [...new Set(found.map(codeOf).filter((code) => code !== null))].sort();
  }

  private hover(code: string | null): void {
    if (code === this.hovered) return;
    if (this.hovered) this.setState(this.hovered, { hover: false });
    if (code) this.setState(code, { hover: true });
    this.hovered = code;
    this.map.getCanvas().style.cursor = code ? "pointer" : "";
  }

  private setState(code: string, state: Record<string, boolean>): void {
    const feature = { source: PARCELS, sourceLayer: PARCELS, id: code };
    this.onceReady(() => this.map.setFeatureState(feature, state));
  }

  /** Before the style is there nothing can be set: what is asked for then waits for it. */
  private onceReady(act: () => void): void {
    if (this.map.getLayer(PARCEL_FILL)) act();
    else this.map.once("load", act);
  }

  private onIdle(): void {
    if (!this.isRestricted() || this.config.empty) return;
    const layer = this.asksOfFiles() ? fillOf("remediation") : PARCEL_FILL;
    const any = this.map.queryRenderedFeatures({ layers: [layer] }).length > 0;
    if (any) this.status.clear("filters");
    else this.status.say("filters", "当前范围内没有符合筛选条件的地块。");
  }

  private isRestricted(): boolean {
    const { subdistrict, industry, flagged } = this.filters;
    return Boolean(subdistrict || industry || flagged) || this.asksOfFiles();
  }

  /** The colours of files are restricted by what only files have. */
  private asksOfFiles(): boolean {
    const shown = laidOf(this.theme) === "remediation" && this.config.remediation;
    return Boolean(shown && (this.filters.deadline || this.filters.way));
  }

  private onError(event: { error: { message?: string; status?: number }; sourceId?: string }): void {
    console.warn("map:", event.error?.message);
    if (event.sourceId?.startsWith("plan-")) {
      this.status.say("plans", failureText("部分规划图层图块读取失败", event.error?.status));
      return;
    }
    if (event.sourceId !== PARCELS && event.sourceId !== "basemap") return;
    const what = event.sourceId === PARCELS ? "部分地块图块读取失败" : "底图读取失败";
    this.status.say("tiles", failureText(what, event.error?.status), () => this.reloadTiles());
  }

  private reloadTiles(): void {
    this.status.clear("tiles");
    this.map.getSource<VectorTileSource>(PARCELS)?.setTiles([absolute(this.config.tiles)]);
  }

  /** The room that the card at the left and the panel leave free. */
  private padding(): PaddingOptions {
    const frame = document.getElementById("map")!.getBoundingClientRect();
    const panel = this.answers.covered();
    const card = document.getElementById("map-controls")?.getBoundingClientRect();
    const beside = panel !== null && panel.width < frame.width * 0.8;
    if (frame.width < 1024) {
      const bottom = panel && !beside ? Math.min(frame.bottom - panel.top, frame.height * 0.6) : 0;
      return { top: 84, right: (beside ? panel.width : 0) + 24, left: 24, bottom: bottom + 24 };
    }
    const left = card ? card.right - frame.left + 24 : 40;
    return { top: 40, bottom: 48, left, right: (panel ? frame.right - panel.left : 0) + 56 };
  }
}

function codeOf(feature: { properties: Record<string, unknown> } | undefined): string | null {
  const code = feature?.properties["c"];
  return typeof code === "string" ? code : null;
}

function widen([west, south, east, north]: Bounds): Bounds {
  return [west - MARGIN_DEGREES, south - MARGIN_DEGREES, east + MARGIN_DEGREES, north + MARGIN_DEGREES];
}

function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
