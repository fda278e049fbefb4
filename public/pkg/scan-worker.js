// Decodes beside the page, so that the picture never stutters: the same module, started in a worker.
import init, { scan_worker } from "{{app.js}}";

await init({ module_or_path: "{{app_bg.wasm}}" });
scan_worker();
