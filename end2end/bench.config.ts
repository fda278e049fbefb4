// script/bench-gate: measures in the browser, one thing after the other.
import config from "./playwright.config.ts";

export default { ...config, testDir: "bench", workers: 1, timeout: 300_000 };
