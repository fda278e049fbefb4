import { dayFromNow, withWeekday } from "../fixtures/calendar.ts";
import { residentWithQuota } from "../fixtures/residents.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { answers } from "../fixtures/visit.ts";

/** Opens a page whose module is still on its way; it arrives when the function that comes back is called. */
async function opening(page: Page, path: string): Promise<() => void> {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/pages_bg.*.wasm", async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto(path, { waitUntil: "domcontentloaded" });
  await expect(page.locator("html")).not.toHaveAttribute("data-app", "ready");
  return arrive;
}

test("what is typed before the page answers stays: signing in", async ({ page }) => {
  const arrive = await opening(page, "/sign-in");
  await page.getByLabel("手机号").fill("13800138999");
  arrive();
  await answers(page);
  await expect(page.getByLabel("手机号")).toHaveValue("13800138999");
  await page.getByRole("button", { name: "发送短信" }).click();
  await expect(page.getByText("短信已发送")).toBeVisible();
});

test("what is chosen and typed before the page answers stays: an application", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  const arrive = await opening(page, "/apply/resident-once");
  const day = page.getByRole("radio", { name: withWeekday(dayFromNow(3)) });
  await day.check();
  await page.getByLabel("申请原因").fill("早早写好");
  arrive();
  await answers(page);
  await expect(day).toBeChecked();
  await expect(page.getByLabel("申请原因")).toHaveValue("早早写好");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
  await expect(page.getByText(withWeekday(dayFromNow(3)))).toBeVisible();
});
