import { drawPreview } from "./preview/records";

drawPreview(await import("maplibre-gl"));
