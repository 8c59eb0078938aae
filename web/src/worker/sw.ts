/**
 * The service worker of the page's folder: the page opens without a network. It answers for the
 * page's own files and for nothing else. Keys, lists and sealed shares are never kept here.
 */
import { cachePrefix, deleteCaches } from "./caches.ts";
import type { ServiceWorkerScope } from "./scope.ts";

declare const self: ServiceWorkerScope;

/** Paths below the folder, "" for the page itself, with their digests. The build puts them in. */
type Listed = readonly (readonly [path: string, integrity: string])[];
declare const PRECACHED: Listed;
declare const CACHED_ONCE_USED: Listed;
declare const BUILD: string;

const folder = self.registration.scope;
const cacheName = cachePrefix(folder) + BUILD;

function addresses(listed: Listed): ReadonlyMap<string, string> {
  return new Map(listed.map(([path, integrity]) => [new URL(path, folder).href, integrity]));
}

const precached = addresses(PRECACHED);
const cachedOnceUsed = addresses(CACHED_ONCE_USED);

/** One of the listed files, or an error: with its digest, files of two builds never mix. */
function download(address: string, integrity: string): Promise<Response> {
  return fetch(address, { integrity, cache: "no-cache" });
}

/** Puts one listed file into the cache. */
async function keep(cache: Cache, address: string, integrity: string): Promise<Response> {
  const response = await download(address, integrity);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  // A host may redirect to it; browsers refuse such a response as the answer to a navigation.
  const { status, headers } = response;
  const plain = response.redirected ? new Response(response.body, { status, headers }) : response;
  await cache.put(address, plain.clone());
  return plain;
}

/** What was once used (the decoder) is kept of every later build too. */
async function usedBefore(): Promise<string[]> {
  const used: string[] = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(cachePrefix(folder))) continue;
    const cache = await caches.open(name);
    for (const address of cachedOnceUsed.keys()) {
      if ((await cache.match(address)) !== undefined) used.push(address);
    }
  }
  return used;
}

async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all([...precached].map(([address, digest]) => keep(cache, address, digest)));
  for (const address of await usedBefore()) {
    // Its absence is no reason to keep people on an older page.
    await keep(cache, address, cachedOnceUsed.get(address) ?? "").catch(() => undefined);
  }
  await self.skipWaiting();
}

/** From the cache, else from the network; kept then if it is what the build put into the list. */
async function answer(request: Request, address: string, integrity: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(address);
  if (kept !== undefined) return kept;
  try {
    return await keep(cache, address, integrity);
  } catch {
    return fetch(request);
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => {
  event.waitUntil(deleteCaches(folder, cacheName).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  url.search = "";
  url.hash = "";
  const address = url.href === new URL("index.html", folder).href ? folder : url.href;
  const integrity = precached.get(address) ?? cachedOnceUsed.get(address);
  if (integrity !== undefined) event.respondWith(answer(request, address, integrity));
});
