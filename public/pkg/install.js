// Keeps the app on the device, and offers a new version of it.
//
// The state of the page, on <html> for styles and for whoever waits: data-app="ready" once it answers, and
// data-update="waiting" while a new version is there. The page shows that and asks; on consent it dispatches
// "campus-update" to the window, the new version takes over, and the page is loaded anew.
const state = document.documentElement.dataset;

// Called once the page answers.
export async function install() {
  state.app = "ready";
  if (!("serviceWorker" in navigator)) return;

  const registration = await navigator.serviceWorker.register("/sw.js");
  const offer = () => {
    // Without a controller this is the first version: it takes over by itself.
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    state.update = "waiting";
    window.dispatchEvent(new Event("campus-update-waiting"));
  };
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && offer());
  });
  offer();

  let asked = false;
  // Said again until it has been heard: a worker that is still being set up may miss the first word. Where none waits any more,
  // another tab has let it take over, and this page is only loaded anew.
  const takeOver = () => {
    if (!registration.waiting) return location.reload();
    registration.waiting.postMessage({ type: "update" });
    setTimeout(takeOver, 1000);
  };
  window.addEventListener("campus-update", () => {
    if (asked) return;
    asked = true;
    takeOver();
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
  });

  // A tablet stays open for days: it looks for a new version every hour, quietly while there is no network.
  setInterval(() => registration.update().catch(() => {}), 60 * 60 * 1000);
}
