import { enrol, enter, verdict } from "../fixtures/gate.ts";
import { release } from "../fixtures/household.ts";
import { residentWithQuota } from "../fixtures/residents.ts";
import { passForToday } from "../fixtures/stations.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

/** Applies for a pass for one entry; the application's id. */
async function applied(page: Page, reason: string): Promise<string> {
  await visit(page, "/apply/resident-once");
  await page.getByLabel("申请原因").fill(reason);
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

test("a refusal with an opinion reaches the applicant, who may apply again", async ({ pageOf, site }) => {
  const phone = await pageOf(residentWithQuota(site, "resident-once"));
  const id = await applied(phone, "不说明白的事");
  const office = await pageOf("office");
  await visit(office, `/review/${id}`);
  await office.getByLabel("意见").fill("请写明具体事由");
  await office.getByRole("button", { name: "不同意" }).click();
  await expect(office.getByRole("article").locator("[data-state=rejected]").first()).toBeVisible();
  await visit(phone, `/applications/${id}`);
  await expect(phone.getByRole("article").locator("[data-state=rejected]").first()).toBeVisible();
  await expect(phone.getByText("请写明具体事由")).toBeVisible();
  await phone.getByRole("link", { name: "再申请一次" }).click();
  await expect(phone.getByRole("button", { name: "提交" })).toBeEnabled();
});

test("several are agreed to at once", async ({ pageOf, site }) => {
  const ids: string[] = [];
  for (const reason of ["批量甲", "批量乙"]) {
    ids.push(await applied(await pageOf(residentWithQuota(site, "resident-once")), reason));
  }
  const office = await pageOf("office", { size: "pc" });
  await visit(office, "/review");
  for (const reason of ["批量甲", "批量乙"]) {
    await office.getByRole("row").filter({ hasText: reason }).getByRole("checkbox").check();
  }
  await expect(office.getByText("已选 2 项")).toBeVisible();
  await office.getByRole("button", { name: "同意 (2)", exact: true }).click();
  await expect(office.getByText("已处理 2 项。")).toBeVisible();
  await expect(office.getByRole("row").filter({ hasText: "批量" })).toHaveCount(0);
  const states = site.sql(`select distinct state from application where application_id in ('${ids.join("','")}')`);
  expect(states).toBe("completed");
});

test("Enter in the opinion decides nothing", async ({ pageOf, site }) => {
  const id = await applied(await pageOf(residentWithQuota(site, "resident-once")), "回车键");
  const office = await pageOf("office", { size: "pc" });
  await visit(office, `/review/${id}`);
  await office.getByLabel("意见").fill("还没想好");
  await office.getByLabel("意见").press("Enter");
  await office.reload();
  await expect(office.getByRole("article").locator("[data-state=in_review]").first()).toBeVisible();
  expect(site.sql(`select state from application where application_id = '${id}'`)).toBe("in_review");
});

test("who comes second is told who was first", async ({ pageOf, site }) => {
  const id = await applied(await pageOf(residentWithQuota(site, "resident-once")), "两人同时审");
  const [first, second] = [await pageOf("office"), await pageOf("office2")];
  await visit(first, `/review/${id}`);
  await visit(second, `/review/${id}`);
  await first.getByRole("button", { name: "同意", exact: true }).click();
  await expect(first.getByRole("article").locator("[data-state=completed]").first()).toBeVisible();
  await second.getByRole("button", { name: "不同意" }).click();
  await expect(second.getByText(/沈清和 已于 .+ 处理，目前为“已完成”。/)).toBeVisible();
});

test("what is agreed to after the household's binding was released says why not", async ({ pageOf, site }) => {
  const phone = residentWithQuota(site, "resident-once");
  const applicant = await pageOf(phone);
  const id = await applied(applicant, "搬走之前");
  const [first, second] = [await pageOf("office", { size: "pc" }), await pageOf("office2")];
  await visit(second, `/review/${id}`);
  await release(first, phone);
  await second.getByRole("button", { name: "同意", exact: true }).click();
  await expect(second.getByText(/沈清和 已于 .+ 处理，目前为“.+”。/)).toBeVisible();
  await expect(second.getByRole("button", { name: "同意", exact: true })).toHaveCount(0);
  expect(site.sql(`select count(*) from credential where application_id = '${id}'`)).toBe("0");

  await visit(applicant, `/applications/${id}`);
  await expect(applicant.getByText("审核中")).toHaveCount(0);
  await visit(applicant, "/apply/resident-once");
  await expect(applicant.getByRole("button", { name: "提交" })).toHaveCount(0);
});

test("a binding that is released revokes the pass, on the holder's page and at the gate", async ({
  tablet,
  pageOf,
  site,
}) => {
  const { id, code } = await passForToday(site, pageOf);
  const phone = site.sql(`select phone from account join application
    on (application.site_id, applicant_id) = (account.site_id, account_id) where application_id = '${id}'`) as `1${string}`;
  const holder = await pageOf(phone);
  await visit(holder, `/applications/${id}`);
  await holder.getByRole("link", { name: "我的通行码" }).click();
  await expect(holder.getByRole("img", { name: "通行码" })).toBeVisible();
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");

  await release(await pageOf("office", { size: "pc" }), phone);
  // The holder's page and the tablet hear of it by themselves.
  await holder.bringToFront();
  await expect(holder.getByText(/已于 \d{4}-\d\d-\d\d \d\d:\d\d 作废/)).toBeVisible();
  await expect(holder.getByRole("img", { name: "通行码" })).toHaveCount(0);
  await tablet.page.reload();
  await expect(async () => {
    await enter(tablet.page, code);
    await expect(verdict(tablet.page)).toContainText("通行证已被撤销", { timeout: 1_000 });
  }).toPass();
});
