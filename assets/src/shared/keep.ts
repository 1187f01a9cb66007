/** The page without a connection: kept by the worker from the first time on. */
export function keepPage(worker: string): void {
  void keep(worker).catch((failure) => console.warn("this page is not kept for offline use", failure));
}

async function keep(worker: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  if (active) document.body.dataset["fieldKept"] = "true";
}
