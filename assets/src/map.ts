import { Atlas } from "./map/atlas";
import { keepViewOnSubmit, readAddress, writeAddress, type View } from "./map/address";
import { readConfig } from "./map/config";
import { Controls } from "./map/controls";
import { Panel } from "./map/panel";
import { lookUp, Search, type Hit } from "./map/search";
import { Status } from "./map/status";
import { byId, make } from "./shared/dom";
import type { Bounds } from "./shared/geometry";

const config = readConfig();
const status = new Status();
const view: View = readAddress(config.selected);
// Asked before the map is made, for it writes its view into the address at once.
const cameWithView = location.hash.length > 1;

const controls = new Controls(config, {
  theme(theme) {
    view.theme = theme;
    atlas?.paint(theme);
    writeAddress(view, "replace");
  },
  filters(filters) {
    view.filters = filters;
    atlas?.restrict(filters);
    writeAddress(view, "replace");
  },
  plans(plans) {
    view.plans = plans;
    atlas?.layOver(plans);
    writeAddress(view, "replace");
  },
});
view.filters = controls.showAll(view.theme, view.filters);
controls.showPlans(view.plans);

const panel = new Panel(config.panel, {
  choose: (code) => void goTo(code),
  close: () => {
    select([], { step: "push", focus: false });
    status.clear("place");
  },
});

const atlas = startAtlas();

new Search(config.search, {
  choose: (hit) => showHit(hit),
  say: (text) => status.say("search", text),
  clear: () => status.clear("search"),
});

keepViewOnSubmit(byId<HTMLFormElement>("map-period"));
byId("map-empty").hidden = config.empty !== true;
window.addEventListener("popstate", () => {
  const back = readAddress(null);
  Object.assign(view, back);
  view.filters = controls.showAll(back.theme, back.filters);
  atlas?.paint(back.theme);
  atlas?.restrict(view.filters);
  controls.showPlans(back.plans);
  atlas?.layOver(back.plans);
  select(back.parcels, { step: null, focus: false });
});
if (view.parcels.length) void showFirst(view.parcels);

function startAtlas(): Atlas | null {
  try {
    return new Atlas(config, view, status, {
      pick: (codes, at, focus) => {
        select(codes, { step: "push", focus });
        atlas?.keepInSight(at, panel.place);
      },
      covered: () => panel.place,
    });
  } catch (failure) {
    console.error(failure);
    byId("map").replaceChildren(
      make("p", "mh-map-unable", "这台设备或浏览器不能显示地图（需要 WebGL 2）。地块仍可从列表和搜索打开。"),
    );
    document.body.dataset["mapIdle"] = "true";
    return null;
  }
}

function select(codes: string[], how: { step: "push" | null; focus: boolean }): void {
  const changed = codes.join() !== view.parcels.join();
  view.parcels = codes;
  atlas?.highlight(codes, view.filters);
  if (codes.length) void panel.open(codes, how.focus);
  else panel.close();
  byId("map-root").classList.toggle("has-panel", codes.length > 0);
  if (how.step && changed) writeAddress(view, how.step);
}

function showHit(hit: Hit): void {
  const parcels = hit.parcels ?? [hit.code];
  status.clear("place");
  if (parcels.length) select(parcels, { step: "push", focus: true });
  if (hit.bounds) atlas?.flyTo(hit.bounds);
  else if (hit.lon !== null && hit.lat !== null) atlas?.flyTo([hit.lon, hit.lat, hit.lon, hit.lat]);
  else status.say("place", `“${hit.label}”没有可定位的地块。`);
}

/** Selects a parcel named in the panel, and goes there unless it can be seen already. */
async function goTo(code: string): Promise<void> {
  select([code], { step: "push", focus: true });
  if (!atlas?.sees(code)) await find(code, (bounds) => atlas?.flyTo(bounds));
}

/** Opens what the address names. An address with a view keeps it; one without goes to the parcel. */
async function showFirst(codes: string[]): Promise<void> {
  select(codes, { step: null, focus: false });
  if (cameWithView) return;
  if (config.selected_bounds && codes[0] === config.selected) atlas?.jumpTo(config.selected_bounds);
  else await find(codes[0]!, (bounds) => atlas?.jumpTo(bounds));
}

async function find(code: string, go: (bounds: Bounds) => void): Promise<void> {
  try {
    const hit = (await lookUp(config.search, code)).find((found) => found.code === code);
    if (hit?.bounds) go(hit.bounds);
    else status.say("place", `地块 ${code} 没有可定位的图形。`);
  } catch {
    status.say("place", `地块 ${code} 的位置读取失败。`);
  }
}
