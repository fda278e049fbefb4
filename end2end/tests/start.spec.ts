import { expect, test } from "../fixtures/test.ts";

test("the first page comes from the server and then answers", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  expect(errors).toEqual([]);
});

test("the gate and a pass start with no network after one visit, other pages say that there is none", async ({
  page,
  context,
}) => {
  await page.goto("/");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  for (const path of ["/gate", "/gate/enrol", "/gate/log", "/passes/1"]) {
    await page.goto(path);
    await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  }
  await page.goto("/applications");
  await expect(page.getByRole("heading", { name: "没有网络" })).toBeVisible();
});
