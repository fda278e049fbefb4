// Starts an app shell, which draws itself.
import init from "{{shells.js}}";
import { install } from "{{install.js}}";

// Back shows a page as it was left, and by now somebody may have signed out: it is loaded anew, from what the device keeps.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

await init({ module_or_path: "{{shells_bg.wasm}}" });
await install();
