// A form half filled in: kept by itself and by its button, gone on with on another device, thrown away, gone once sent.
import { residentWithQuota } from "../fixtures/residents.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

const kept = (page: Page) => page.getByText("草稿已保存");

test("what is typed is kept by itself and gone on with on another device", async ({ pageOf, site }) => {
  const phone = residentWithQuota(site, "resident-once");
  const page = await pageOf(phone);
  await visit(page, "/apply/resident-once");
  await page.getByLabel("申请原因").fill("去医院复查，写了一半");
  await expect(kept(page)).toBeVisible();

  const pc = await pageOf(phone, { size: "pc" });
  await visit(pc, "/applications?state=draft");
  const row = pc.getByRole("row").filter({ hasText: "写了一半" });
  await expect(row.getByText("草稿", { exact: true })).toBeVisible();
  await row.getByRole("link", { name: /^继续填写/ }).click();
  await expect(pc.getByLabel("申请原因")).toHaveValue("去医院复查，写了一半");
  await pc.getByRole("button", { name: "提交" }).click();
  await expect(pc.getByText("已提交，等待审核。")).toBeVisible();
  await visit(pc, "/applications?state=draft");
  await expect(pc.getByText("写了一半")).toHaveCount(0);
});

test("opening a form makes no draft", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await visit(page, "/apply/resident-once");
  await page.getByRole("button", { name: "提交" }).waitFor();
  await visit(page, "/applications?state=draft");
  await expect(page.getByRole("article")).toHaveCount(0);
});

test("a draft is saved by its button and thrown away on the phone", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await visit(page, "/apply/resident-once");
  await page.getByLabel("申请原因").fill("先存一下");
  await page.getByRole("button", { name: "保存草稿" }).click();
  await expect(kept(page)).toBeVisible();
  await visit(page, "/applications?state=draft");
  const card = page.getByRole("article").filter({ hasText: "草稿" });
  await expect(card).toHaveCount(1);
  await card.getByText("删除", { exact: true }).click();
  await card.getByRole("button", { name: "确认删除" }).click();
  await expect(card).toHaveCount(0);
  await visit(page, "/apply/resident-once");
  await expect(page.getByLabel("申请原因")).toHaveValue("");
});

test("what another device changed is not written over unasked", async ({ pageOf, site }) => {
  const phone = residentWithQuota(site, "resident-once");
  const first = await pageOf(phone);
  await visit(first, "/apply/resident-once");
  await first.getByLabel("申请原因").fill("手机上写的");
  await expect(kept(first)).toBeVisible();
  const second = await pageOf(phone, { size: "pc" });
  await visit(second, "/applications?state=draft");
  await second.getByRole("link", { name: /^继续填写/ }).click();
  await second.getByLabel("申请原因").fill("电脑上接着写的");
  await expect(kept(second)).toBeVisible();
  await first.getByLabel("申请原因").fill("手机上又写的");
  await expect(first.getByText(/这份草稿在别处修改过/)).toBeVisible();
  await first.getByRole("button", { name: "保存草稿" }).click();
  await expect(kept(first)).toBeVisible();
});
