// Starts an app shell, which draws itself.
import init from "{{shells.js}}";
import { install } from "{{install.js}}";

await init({ module_or_path: "{{shells_bg.wasm}}" });
await install();
