/* Keeps the scan pages and their files, so that the floor works without a network. Scans themselves wait in IndexedDB. */
"use strict";
const CACHE = "hub-floor";
addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const soon = (request, ms) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("slow")), ms);
  fetch(request).then(resolve, reject);
});

async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await soon(request, 4000);
    if (answer.ok && !answer.redirected) await cache.put(new URL(request.url).pathname, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(new URL(request.url).pathname);
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) || fetch(request);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && /^\/hub\/[^/]+\/scan$/.test(url.pathname)) event.respondWith(page(request));
});
