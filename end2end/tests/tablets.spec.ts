import { admit, enrol, enrolmentCode, typeCode } from "../fixtures/gate.ts";
import { passForToday } from "../fixtures/stations.ts";
import { expect, test } from "../fixtures/test.ts";
import { answers, visit } from "../fixtures/visit.ts";

test("an enrolment code works once", async ({ tablet, pageOf, page }) => {
  const admin = await pageOf("admin", { size: "pc" });
  const code = await enrolmentCode(admin, "A 区北门", "一次性");
  await typeCode(tablet.page, code);
  await expect(tablet.page.getByText("云岭大学 · A 区北门")).toBeVisible();
  await typeCode(page, code);
  await expect(page.getByText("登记码不对或已被使用")).toBeVisible();
});

test("a revoked tablet judges no more passes", async ({ tablet, pageOf }) => {
  const admin = await pageOf("admin", { size: "pc" });
  await enrol(tablet, admin, "A 区北门");
  await visit(admin, "/admin/tablets");
  const mine = admin.getByRole("listitem").filter({ hasText: /测试终端-/ }).filter({ hasText: "使用中" }).first();
  await mine.getByText("撤销", { exact: true }).click();
  await mine.getByRole("button", { name: "确认撤销" }).click();
  await expect(admin.getByRole("listitem").filter({ hasText: /测试终端-/ }).filter({ hasText: "已撤销" })).not.toHaveCount(0);
  await tablet.page.reload();
  await answers(tablet.page);
  await expect(tablet.page.getByRole("heading", { name: "本终端已被停用" })).toBeVisible();
});

test("what was let in by mistake is taken back, and the pass may enter once again", async ({ tablet, pageOf, site }) => {
  const { id, code } = await passForToday(site, pageOf);
  const number = site.sql(`select pass_number from application where application_id = '${id}'`);
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  await tablet.online(false);
  const { page } = tablet;
  await admit(page, code);
  await page.getByRole("button", { name: "通行记录" }).click();
  const line = page.getByRole("listitem").filter({ hasText: `№ ${number}` });
  await line.getByRole("button", { name: "误放行，撤销" }).click();
  await line.getByRole("button", { name: "撤销", exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "撤销记录" })).toHaveCount(1);
  await page.getByRole("button", { name: "返回扫码" }).click();
  await admit(page, code);
});
