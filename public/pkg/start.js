// Starts the page: the server has rendered it, this makes it answer.
import init, { hydrate } from "{{app.js}}";

await init({ module_or_path: "{{app_bg.wasm}}" });
hydrate();
