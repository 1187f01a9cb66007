import { BarChart, BoxplotChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { make, readJson } from "../shared/dom";
import type { ChartData } from "./data";
import { heightOf, optionOf, sentences } from "./options";

use([BarChart, BoxplotChart, LineChart, SankeyChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

/** Draws each `[data-mh-chart="id"]` from the JSON of that id. The numbers stand in a table beside it in any case. */
export function drawAll(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-mh-chart]")) {
    const data = readJson<ChartData>(`#${place.dataset["mhChart"] ?? ""}`);
    if (data) draw(place, data);
  }
  document.body.dataset["chartsDrawn"] = "true";
}

function draw(place: HTMLElement, data: ChartData): void {
  const label = place.getAttribute("aria-label");
  place.style.height = `${heightOf(data)}px`;
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption(optionOf(data, place.clientWidth));
  // The library writes a label of its own, in its own words.
  if (label) place.setAttribute("aria-label", label);
  new ResizeObserver(() => chart.resize()).observe(place);
  walkByKeys(place, chart, data);
}

/** Arrows go from item to item, Home and End to the ends, Escape leaves: what is under the cursor is said below the picture. */
function walkByKeys(place: HTMLElement, chart: EChartsType, data: ChartData): void {
  const said = make("p", "mh-chart-note text-secondary small mb-1");
  said.setAttribute("role", "status");
  place.after(said);
  const items = sentences(data);
  let at = -1;
  const leave = () => {
    at = -1;
    said.textContent = "";
    chart.dispatchAction({ type: "hideTip" });
    chart.dispatchAction({ type: "downplay" });
  };
  place.addEventListener("blur", leave);
  place.addEventListener("keydown", (event) => {
    const next = stepped(event.key, at, items.length);
    if (event.key === "Escape") leave();
    if (next === null) return;
    event.preventDefault();
    at = next;
    said.textContent = items[at] ?? "";
    chart.dispatchAction({ type: "downplay" });
    const item = { seriesIndex: 0, dataIndex: at, ...(data.kind === "flow" ? { dataType: "edge" } : {}) };
    chart.dispatchAction({ type: "highlight", ...item });
    if (data.kind !== "flow") chart.dispatchAction({ type: "showTip", ...item });
  });
}

function stepped(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return (at + 1) % count;
    case "ArrowLeft":
    case "ArrowUp":
      return (at <= 0 ? count : at) - 1;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
