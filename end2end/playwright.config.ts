import { defineConfig } from "@playwright/test";
import { executablePath, flags } from "./fixtures/chromium.ts";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./fixtures/global-setup.ts",
  forbidOnly: !!process.env.CI,
  retries: 0,
  // Each worker has a server and a database of its own.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["./fixtures/failures.ts"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath, args: flags },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 360, height: 740 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
