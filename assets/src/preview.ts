import { drawMiniMaps } from "./preview/mini";
import { drawPreview } from "./preview/records";

drawMiniMaps();
// The map library is fetched only by the page that has records to look at; a dossier does without.
if (document.getElementById("preview-data")) {
  drawPreview(await import("maplibre-gl"));
}
