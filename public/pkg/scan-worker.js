// Decodes beside the page, so that the picture never stutters: the shells' module, started in a worker.
import init from "{{shells.js}}";

await init({ module_or_path: "{{shells_bg.wasm}}" });
