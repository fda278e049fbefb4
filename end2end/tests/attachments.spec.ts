// Files attached to an application. The kind that asks for them is published by the test.
import { residentWithQuota } from "../fixtures/residents.ts";
import { type Site, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

// A PNG of one pixel.
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const photo = { name: "户口簿.png", mimeType: "image/png", buffer: PIXEL };
const heic = { name: "IMG_1.heic", mimeType: "image/heic", buffer: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0", "latin1") };

/** Adds an attachment to the fields of the kind for one entry, in the database of this test's site. */
function askForFiles(site: Site): void {
  const field = {
    key: "proof",
    kind: "attachment",
    label: { zh: "证明材料", en: "Proof" },
    required: true,
    max_files: 2,
    max_megabytes: 1,
  };
  site.sql(`update pass_kind set definition = jsonb_set(definition, '{fields}', '${JSON.stringify([field])}')
    where site_id = 1 and key = 'resident-once'`);
}

function stopAsking(site: Site): void {
  site.sql(`update pass_kind set definition = jsonb_set(definition, '{fields}', '[]') where site_id = 1 and key = 'resident-once'`);
}

test.beforeEach(({ site }) => askForFiles(site));
test.afterEach(({ site }) => stopAsking(site));

test("a photo is sent, survives a reload and reaches the office", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await visit(page, "/apply/resident-once");
  await page.getByLabel("选择文件").setInputFiles(photo);
  await expect(page.getByText("已上传")).toBeVisible();
  await page.reload();
  await expect(page.getByText("户口簿.jpg").or(page.getByText("户口簿.png")).first()).toBeVisible();
  await page.getByLabel("申请原因").fill("探亲");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
  await expect(page.getByRole("link", { name: /户口簿\.jpg/ })).toBeVisible();
  const id = new URL(page.url()).pathname.split("/").at(-1);

  const office = await pageOf("office", { size: "pc" });
  await visit(office, `/review/${id}`);
  const link = office.getByRole("link", { name: /户口簿\.jpg/ });
  const answer = await office.request.get((await link.getAttribute("href")) ?? "");
  expect(answer.headers()["content-type"]).toBe("image/jpeg");
});

test("what cannot be used is told at its file, and holds the form until it is removed", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await visit(page, "/apply/resident-once");
  await page.getByLabel("选择文件").setInputFiles([photo, heic]);
  await expect(page.getByText(/这是 HEIC 格式的照片/)).toBeVisible();
  await expect(page.getByText("已上传")).toBeVisible();
  await page.getByLabel("申请原因").fill("探亲");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText(/还有文件没有传上/)).toBeVisible();
  await page.getByRole("button", { name: "移除 IMG_1.heic" }).click();
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
});
