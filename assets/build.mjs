// Builds assets/dist: our scripts and the style sheet, and the vendored files served as they are.
// Each text file gets a .gz neighbour, so that the server never compresses at request time.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const vendor = (path) => join(here, "node_modules", path);

const COPIED = {
  "tabler.min.css": vendor("@tabler/core/dist/css/tabler.min.css"),
  "htmx.min.js": vendor("htmx.org/dist/htmx.min.js"),
  // The map library looks for its worker under this name, beside itself.
  "maplibre-gl.mjs": vendor("maplibre-gl/dist/maplibre-gl.mjs"),
  "maplibre-gl-worker.mjs": vendor("maplibre-gl/dist/maplibre-gl-worker.mjs"),
  "maplibre-gl.css": vendor("maplibre-gl/dist/maplibre-gl.css"),
  "icons.svg": join(here, "src/icons.svg"),
  "favicon.svg": join(here, "src/favicon.svg"),
};

/** The library stays a file of its own, shared by the map and the preview in the browser's cache. */
const shareMapLibrary = {
  name: "share-map-library",
  setup(plugin) {
    plugin.onResolve({ filter: /^maplibre-gl$/ }, () => ({ path: "./maplibre-gl.mjs", external: true }));
  },
};

async function bundle() {
  await build({
    entryPoints: ["map", "preview", "page", "draw", "field", "survey", "field-worker", "route", "charts"].map((name) => join(here, "src", `${name}.ts`)),
    outdir: dist,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    plugins: [shareMapLibrary],
    logLevel: "warning",
  });
  await build({
    entryPoints: [join(here, "src/muheng.css")],
    outdir: dist,
    minify: true,
    charset: "utf8",
    logLevel: "warning",
  });
}

/** Drops the pointer to a source map that is not shipped: a browser's inspector would ask for it in vain. */
async function copyVendored() {
  for (const [name, from] of Object.entries(COPIED)) {
    if (name.endsWith(".svg")) await copyFile(from, join(dist, name));
    else {
      const text = await readFile(from, "utf8");
      await writeFile(join(dist, name), text.replace(/\n(\/\/|\/\*)# sourceMappingURL=.*\s*$/, "\n"));
    }
  }
}

async function writeLicences() {
  const texts = [
    ["maplibre-gl", "maplibre-gl/LICENSE.txt"],
    ["htmx.org", "htmx.org/LICENSE"],
    // In charts.js.
    ["echarts", "echarts/LICENSE"],
    ["echarts (notice)", "echarts/NOTICE"],
    ["zrender", "zrender/LICENSE"],
    ["tslib", "tslib/LICENSE.txt"],
  ];
  const parts = ["@tabler/core: MIT, see the head of tabler.min.css\n"];
  for (const [name, path] of texts) parts.push(`${name}\n\n${await readFile(vendor(path), "utf8")}`);
  await writeFile(join(dist, "LICENSES.txt"), parts.join("\n----\n\n"));
}

async function compress() {
  for (const name of await readdir(dist)) {
    await writeFile(join(dist, `${name}.gz`), gzipSync(await readFile(join(dist, name)), { level: 9 }));
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await bundle();
await copyVendored();
await writeLicences();
await compress();
