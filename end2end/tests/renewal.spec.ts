// Completed applications renewed for other days: several from the table, one from a phone.
import { RESIDENT } from "../fixtures/people.ts";
import { residentWithSeveral } from "../fixtures/residents.ts";
import { type Site, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

function renewable(site: Site, is: boolean): void {
  site.sql(`update pass_kind set definition = definition || '{"renewable": ${is}}'
    where site_id = 1 and key in ('resident-many', 'resident-once')`);
}

test.beforeEach(({ site }) => renewable(site, true));
test.afterEach(({ site }) => renewable(site, false));

test("one is renewed from a phone, and pressing again changes nothing", async ({ pageOf, site }) => {
  const page = await pageOf(RESIDENT);
  await visit(page, "/applications?state=completed");
  await page.getByRole("link", { name: "续期" }).first().click();
  await expect(page.getByRole("heading", { name: "续期" })).toBeVisible();
  const count = () =>
    site.sql(`select count(*) from application join account on account_id = applicant_id
      where application.site_id = 1 and phone = '${RESIDENT}'`);
  await page.getByRole("button", { name: "提交续期" }).click();
  await expect(page.getByText(/已提交 1 份续期申请|1 份没有续期/)).toBeVisible();
  const before = count();
  await page.getByRole("button", { name: "提交续期" }).click();
  await expect(page.getByText(/已提交 1 份续期申请|1 份没有续期/)).toBeVisible();
  expect(count()).toBe(before);
});

test("several are ticked in the table, each with what came of it", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithSeveral(site), { size: "pc" });
  await visit(page, "/applications?state=completed");
  const ticks = page.getByRole("checkbox", { name: /^选择续期/ });
  await ticks.nth(0).check();
  await ticks.nth(1).check();
  await page.getByRole("button", { name: "续期所选" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "原截止日期" })).toHaveCount(2);
  await page.getByRole("button", { name: "提交续期" }).click();
  await expect(page.getByText(/份续期申请：|份没有续期：/).first()).toBeVisible();
});

test("nothing ticked says what to do", async ({ pageOf }) => {
  const page = await pageOf(RESIDENT, { size: "pc" });
  await visit(page, "/applications/renew");
  await expect(page.getByText("请先在“我的申请”中勾选要续期的申请。")).toBeVisible();
});
