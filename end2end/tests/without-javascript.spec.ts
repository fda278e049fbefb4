import { expect, test } from "../fixtures/test.ts";

test.use({ javaScriptEnabled: false });

test("what anybody may read is there without JavaScript", async ({ page }) => {
  for (const [path, heading] of [
    ["/", "云岭大学"],
    ["/sign-in", "登录"],
    ["/v", "这是一张校园通行码"],
  ]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(200);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
  }
  await page.goto("/sign-in");
  await expect(page.getByLabel("手机号")).toBeEditable();
});

test("an address that leads nowhere says so, with status 404", async ({ page }) => {
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: "没有这个页面" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "回到首页" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "云岭大学" })).toBeVisible();
});
