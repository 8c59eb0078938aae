/**
 * What an issuer publishes as sw.js to be rid of a service worker that misbehaves: it takes over,
 * deletes what the folder kept and unregisters itself. Pages come from the network from their next
 * loading on. Open ones are left alone: loaded from here they would lose what follows their #.
 */
import { deleteCaches } from "./caches.ts";
import type { ServiceWorkerScope } from "./scope.ts";

declare const self: ServiceWorkerScope;

async function retire(): Promise<void> {
  await self.clients.claim();
  await deleteCaches(self.registration.scope, null);
  await self.registration.unregister();
}

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(retire()));
