// Keeps the app on the device, so that the gate and the holder's code start with no network.
//
// The build puts two constants before this script: BUILD, a hash over all files, and FILES, the addresses to keep.
// Only GET requests of this origin are looked at; the API and server functions always go to the network untouched.
// A new version is fetched beside the old one and waits until the page says that it may take over.
/* global BUILD, FILES */

const PREFIX = "campus-pass-";
const CACHE = PREFIX + BUILD;

// Pages that render from the browser's own storage. The same document serves every address of its kind.
const SHELLS = [
  { file: "/shell/gate", serves: /^\/gate(\/enrol|\/log)?\/?$/ },
  { file: "/shell/pass", serves: /^\/passes\/[^/]+\/?$/ },
];
const OFFLINE = "/offline.html";

// A page that has not begun to arrive by then is as good as none, in milliseconds.
const PATIENCE = 8000;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("message", (event) => {
  if (event.data?.type === "update") self.skipWaiting();
});

// A notice (Web Push): shown even while no page is open. The same tag again replaces it, so what is sent twice is seen once.
self.addEventListener("push", (event) => {
  const { title, body, tag, path } = event.data.json();
  const shown = { body, tag, icon: "/icon-192.png", badge: "/icon-192.png", data: path };
  event.waitUntil(self.registration.showNotification(title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(new URL(event.notification.data, self.location.origin)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    const shell = SHELLS.find(({ serves }) => serves.test(url.pathname));
    event.respondWith(shell ? fromCache(shell.file, request) : page(request));
  } else if (FILES.includes(url.pathname) || hashed(url.pathname)) {
    event.respondWith(fromCache(url.pathname, request));
  }
});

// All or nothing: a version of which one file is missing never becomes the one in use. Hashed files may come from the
// browser's own cache, documents must be today's, and no document carries anything of the person who is signed in.
async function keep() {
  const isNew = !(await caches.has(CACHE));
  try {
    const cache = await caches.open(CACHE);
    const plain = FILES.filter((file) => !hashed(file));
    await Promise.all([
      cache.addAll([...FILES.filter(hashed), ...plain.map(today)]),
      ...SHELLS.map(({ file }) => keepShell(cache, file)),
    ]);
  } catch (error) {
    // What is kept by halves must not be taken for the version before this one.
    if (isNew) await caches.delete(CACHE);
    throw error;
  }
}

// A server that was started before this build, or another copy of it, answers with a shell that asks for other files.
// Then this version is not kept, and the browser tries again when it next looks for one.
async function keepShell(cache, file) {
  const answer = await fetch(today(file));
  const text = await answer.clone().text();
  if (!answer.ok || !text.includes(`data-build="${BUILD}"`)) throw new Error(`${file} is not of build ${BUILD}`);
  await cache.put(file, answer);
}

// The version before this one stays: a tab that it opened may still ask for a file of its own.
async function takeOver() {
  const before = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(before.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// Files and shells: what is kept is answered at once, whatever the network does.
async function fromCache(file, request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(file, { ignoreVary: true });
  // A hashed name has one content, in whichever version it was kept.
  const earlier = kept ?? (hashed(file) ? await caches.match(file, { ignoreVary: true }) : undefined);
  return earlier ?? fetch(request);
}

// Every other page is the server's; where it cannot be reached, or hangs, a page says so.
async function page(request) {
  const answer = fetch(request).catch(() => undefined);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const cache = await caches.open(CACHE);
  return (await Promise.race([answer, late])) ?? (await cache.match(OFFLINE)) ?? answer.then((it) => it ?? Response.error());
}

function today(file) {
  return new Request(file, { cache: "no-cache", credentials: "omit" });
}

function hashed(file) {
  return file.startsWith("/pkg/");
}
