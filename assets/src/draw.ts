import { listenToApplicationForm } from "./draw/form";

listenToApplicationForm();
// The map library is fetched only when somebody chooses to draw.
const holder = document.getElementById("draw-map");
if (holder) {
  const begin = async () => {
    if (holder.getClientRects().length === 0 || holder.dataset["drawn"]) return;
    holder.dataset["drawn"] = "true";
    const [library, { Sketch }] = await Promise.all([import("maplibre-gl"), import("./draw/sketch")]);
    new Sketch(library, holder);
  };
  document.getElementById("site_kind")?.addEventListener("change", () => void begin());
  void begin();
}
