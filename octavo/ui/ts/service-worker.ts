// Answers with a page of our own when there is no network. It caches nothing else: what people see is never stale.

declare const KEPT_FILES: string[];
interface WorkerScope {
  addEventListener(type: string, listen: (event: Event) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
  // https://w3c.github.io/ServiceWorker/#service-worker-static-routing; not every browser has it.
  addRoutes?(rules: object): Promise<void>;
}
interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

// The page library describes windows; inside a service worker `self` is this.
const worker = self as unknown as WorkerScope;
const OFFLINE = "/offline";
const CACHE = `octavo ${KEPT_FILES.join(" ")}`;

// Films, and what a page sends while it is being left, go past this worker: a request that falls back from here to the
// network belongs to the leaving page again, and is lost with it.
const PAST_US = { or: ["/api/*", "/play/*"].map((pathname) => ({ urlPattern: { pathname } })) };

worker.addEventListener("install", (event) => {
  (event as ExtendableEvent).addRoutes?.({ condition: PAST_US, source: "network" }).catch(() => undefined);
  const work = caches.open(CACHE).then((cache) => cache.addAll([OFFLINE, ...KEPT_FILES]));
  (event as ExtendableEvent).waitUntil(work.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  (event as ExtendableEvent).waitUntil(dropOldCaches().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event as FetchEvent;
  if (request.mode === "navigate") (event as FetchEvent).respondWith(pageOrOffline(request));
  else if (KEPT_FILES.includes(new URL(request.url).pathname)) (event as FetchEvent).respondWith(keptFile(request));
});

async function pageOrOffline(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

/** Kept files have their hash in the name, so a kept one is always right. */
async function keptFile(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith("octavo ") && name !== CACHE).map((name) => caches.delete(name)),
  );
}
