// Starts a page that the server has rendered: this makes it answer.
import init from "{{pages.js}}";
import { install } from "{{install.js}}";

await init({ module_or_path: "{{pages_bg.wasm}}" });
await install();
