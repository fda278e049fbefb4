import { defineConfig } from "@playwright/test";

// Debian's Chromium; nothing is downloaded. It talks to the test's own server and to nobody else.
const flags = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
  "--disable-gpu",
];
if (process.getuid?.() === 0) flags.push("--no-sandbox");

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./fixtures/global-setup.ts",
  forbidOnly: !!process.env.CI,
  retries: 0,
  // Each worker has a server and a database of its own.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 360, height: 740 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
