// Keeps the app on the device, so that the gate and the holder's code start with no network.
//
// The build puts two constants before this script: BUILD, a hash over all files, and FILES, the addresses to keep.
// Only GET requests of this origin are looked at; the API and server functions always go to the network untouched.
// A new version is fetched beside the old one and waits until the page says that it may take over.
/* global BUILD, FILES */

const CACHE = `campus-pass-${BUILD}`;

// Pages that render from the browser's own storage. The same document serves every address of its kind.
const SHELLS = [
  { file: "/shell/gate", serves: /^\/gate(\/enrol|\/log)?\/?$/ },
  { file: "/shell/pass", serves: /^\/passes\/[^/]+\/?$/ },
];
const OFFLINE = "/offline.html";

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("message", (event) => {
  if (event.data?.type === "update") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    const shell = SHELLS.find(({ serves }) => serves.test(url.pathname));
    event.respondWith(shell ? fromCache(shell.file, request) : page(request));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(fromCache(url.pathname, request));
  }
});

// All or nothing: a version of which one file is missing never becomes the one in use. Hashed files may come from the
// browser's own cache, documents must be today's, and no document carries anything of the person who is signed in.
async function keep() {
  const cache = await caches.open(CACHE);
  const documents = [...SHELLS.map(({ file }) => file), ...FILES.filter((file) => !hashed(file))];
  await cache.addAll([
    ...FILES.filter(hashed),
    ...documents.map((file) => new Request(file, { cache: "no-cache", credentials: "omit" })),
  ]);
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("campus-pass-") && name !== CACHE)
    .map((name) => caches.delete(name)));
  await self.clients.claim();
}

// Files and shells: what is kept is answered at once, whatever the network does.
async function fromCache(file, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(file, { ignoreVary: true })) ?? fetch(request);
}

// Every other page is the server's; where it cannot be reached, a page says so.
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(OFFLINE)) ?? Response.error();
  }
}

function hashed(file) {
  return file.startsWith("/pkg/");
}
