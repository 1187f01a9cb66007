import { Desk } from "./inspection/desk";

/** The page without a connection: kept by the worker from the first time on. */
async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/inspections/worker.js", { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  if (active) document.body.dataset["fieldKept"] = "true";
}

void keepPage().catch((failure) => console.warn("this page is not kept for offline use", failure));
void new Desk().open();
