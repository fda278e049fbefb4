import { enrol } from "../fixtures/gate.ts";
import { signInPhone } from "../fixtures/people.ts";
import { residentWithQuota } from "../fixtures/residents.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

const DAY = 24 * 60 * 60 * 1000;
const shownCode = (page: Page) => page.getByRole("img", { name: "通行码" });

/** A resident gets a pass for today and opens its code, which the device keeps from then on. */
async function withKeptCode(page: Page): Promise<void> {
  await visit(page, "/apply/resident-urgent");
  await page.getByLabel("申请原因").fill("药店购药");
  await page.getByRole("button", { name: "提交" }).click();
  await page.getByRole("link", { name: "我的通行码" }).click();
  await expect(shownCode(page)).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
}

test("with no network every page leads to the passes that were opened before", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-urgent"));
  await withKeptCode(page);
  const number = new URL(page.url()).pathname.split("/").at(-1);
  await page.context().setOffline(true);
  for (const path of ["/", "/applications"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "没有网络" })).toBeVisible();
    await page.getByRole("region", { name: "我的通行码" }).getByRole("link", { name: "居民就医急用" }).click();
    await expect(page).toHaveURL(new RegExp(`/passes/${number}$`));
    await expect(shownCode(page)).toBeVisible();
  }
});

test("with no network a tablet is led to the gate first", async ({ tablet, pageOf }) => {
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  const { page } = tablet;
  await tablet.online(false);
  await page.goto("/");
  const first = page.getByRole("link").first();
  await expect(first).toHaveAccessibleName(/打开门岗核验/);
  await first.click();
  await expect(page.getByText("云岭大学 · A 区正门")).toBeVisible();
  await expect(page.getByRole("button", { name: "查询" })).toBeVisible();
});

test("a phone whose clock is a week ahead still shows the code, with a warning, until the server tells the time", async ({
  pageOf,
  site,
}) => {
  const page = await pageOf(residentWithQuota(site, "resident-urgent"));
  await withKeptCode(page);
  await page.context().setOffline(true);
  await page.clock.setSystemTime(Date.now() + 7 * DAY);
  await page.reload();
  await expect(page.getByText(/已过期（\d{4}-\d\d-\d\d/)).toBeVisible();
  await expect(shownCode(page)).toBeVisible();
  await expect(page.getByText("这是按本机时间判断的，本机时间可能不准。仍可出示，由门岗终端核验。")).toBeVisible();

  await page.context().setOffline(false);
  await page.reload();
  await expect(page.getByText("今日有效")).toBeVisible();
  await expect(shownCode(page)).toBeVisible();
});

test("after signing out nothing personal comes back: not by Back, not with no network", async ({ phone, site }) => {
  // A phone keeps the pages it leaves, and Back shows them as they were.
  const { page } = phone;
  await signInPhone(page, residentWithQuota(site, "resident-urgent"));
  await withKeptCode(page);
  await page.goto("/applications");
  await expect(page.getByRole("heading", { level: 1, name: "我的申请" })).toBeVisible();
  await expect(page.getByText("居民就医急用").first()).toBeVisible();
  await page.getByRole("button", { name: "退出" }).click();
  await expect(page.getByRole("link", { name: "登录" })).toBeVisible();
  await page.goBack({ waitUntil: "commit" });
  await expect(page.getByRole("heading", { level: 1, name: "登录" })).toBeVisible();
  await expect(page.getByText("居民就医急用")).toHaveCount(0);
  await page.goBack({ waitUntil: "commit" });
  await expect(page.getByText("请先登录，再查看通行码。")).toBeVisible();
  await expect(shownCode(page)).toHaveCount(0);
  await phone.online(false);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "没有网络" })).toBeVisible();
  await expect(page.getByRole("region", { name: "我的通行码" })).toHaveCount(0);
});
