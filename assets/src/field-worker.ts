// Keeps a phone's page and what it is made of. Data is not kept here: the page has its own store.

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(name: "install" | "activate", act: (event: WorkerEvent) => void): void;
  addEventListener(name: "fetch", act: (event: FetchEvent) => void): void;
}

/** It looks after the page beside it: inspections, or the survey. */
const PAGE = location.pathname.replace(/worker\.js$/, "field");
const [FAMILY, SCRIPT] = PAGE.startsWith("/survey/") ? (["muheng-survey-", "survey.js"] as const) : (["muheng-field-", "field.js"] as const);
const CACHE = `${FAMILY}1`;
const PARTS = ["tabler.min.css", "muheng.css", "htmx.min.js", "page.js", SCRIPT, "icons.svg", "favicon.svg"];
const KEPT = [PAGE, ...PARTS.map((name) => `/assets/${name}`)];
/** A connection this slow is none: what is kept is shown. */
const PATIENCE = 4000;

const worker = self as unknown as Worker;

worker.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOlder().then(() => worker.clients.claim())));
worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === location.origin && event.request.method === "GET" && KEPT.includes(pathname);
  if (ours) event.respondWith(newest(event.request, pathname));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    KEPT.map(async (path) => {
      const answer = await fetch(path, { cache: "no-cache" });
      if (!worthKeeping(answer)) throw new Error(`${path} cannot be kept (${answer.status})`);
      await cache.put(path, answer);
    }),
  );
}

/** The sign-in page that stands in for an expired session must not take this page's place. */
function worthKeeping(answer: Response): boolean {
  return answer.ok && answer.type === "basic" && !answer.redirected;
}

/** From the server, else as it was kept. */
async function newest(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  const fetched = fetch(request).then(async (answer) => {
    if (worthKeeping(answer)) await cache.put(path, answer.clone());
    return answer;
  });
  if (!kept) return fetched;
  const tired = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([fetched.catch(() => kept), tired]);
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(FAMILY) && name !== CACHE).map((name) => caches.delete(name)));
}
