import { execFileSync } from "node:child_process";
import { archive } from "../fixtures/archive.ts";
import { Line } from "../fixtures/line.ts";
import { looksRight } from "../fixtures/looks.ts";
import { SIZES } from "../fixtures/sizes.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { answers, visit } from "../fixtures/visit.ts";

async function upload(page: Page, name: string, buffer: Buffer, site = ""): Promise<void> {
  await visit(page, `${site}/admin/households/import`);
  await page.getByLabel("住户文件").setInputFiles({ name, mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "上传并检查" }).click();
}

const inGbk = (text: string) => execFileSync("iconv", ["-f", "UTF-8", "-t", "GBK"], { input: text });

test("a register in GBK is shown, taken over at one's word, and the same file again changes nothing", async ({
  pageOf,
  site,
}) => {
  const page = await pageOf("admin", { size: "pc" });
  const file = inGbk("小区,楼栋,门牌号,户主\n银杏里,1栋,101,欧阳望舒\n银杏里,1栋,102,郭立秋\n");
  await upload(page, "住户.csv", file);
  await expect(page.getByText("文件没有问题")).toBeVisible();
  expect(site.sql("select count(*) from household where community = '银杏里'")).toBe("0");
  await page.getByRole("button", { name: "确认导入" }).click();
  await expect(page.getByText("已导入")).toBeVisible();
  expect(site.sql("select string_agg(householder, ',' order by door) from household where community = '银杏里'")).toBe(
    "欧阳望舒,郭立秋",
  );
  await upload(page, "住户.csv", file);
  await page.getByRole("button", { name: "确认导入" }).click();
  await expect(page.getByText("已导入")).toBeVisible();
  expect(site.sql("select count(*) from household where community = '银杏里'")).toBe("2");
});

test("broken lines are reported one by one, and nothing of the file is imported", async ({ pageOf, site }) => {
  const page = await pageOf("admin", { size: "pc" });
  await upload(page, "坏.csv", Buffer.from("小区,楼栋,门牌号,户主\n破损苑,1栋,101,何溪\n破损苑,1栋,,何墨\n破损苑,1栋,103,\n"));
  await expect(page.getByText("没有导入任何内容。请改正后重新上传整个文件。")).toBeVisible();
  const faults = page.getByRole("region", { name: "错误" }).getByRole("row");
  await expect(faults).toHaveCount(3);
  await expect(faults.nth(1)).toContainText("3");
  await expect(faults.nth(1)).toContainText("门牌号");
  await expect(faults.nth(2)).toContainText("4");
  await expect(faults.nth(2)).toContainText("户主");
  await expect(page.getByRole("button", { name: "确认导入" })).toHaveCount(0);
  expect(site.sql("select count(*) from household where community = '破损苑'")).toBe("0");
});

for (const language of ["zh", "en"] as const) {
  test(`what an import comes to fits and shuts nobody out, ${language}`, async ({ pageOf }) => {
    const page = await pageOf("admin", { language });
    const files = { good: "小区,楼栋,门牌号,户主\n样张里,1栋,101,何溪\n", faulty: "小区,楼栋,门牌号,户主\n样张里,1栋,,何溪\n" };
    for (const [name, text] of Object.entries(files)) {
      await visit(page, "/admin/households/import");
      await page.locator("input[type=file]").setInputFiles({ name: `${name}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) });
      await page.locator("form:has(input[type=file]) button").click();
      await expect(page).toHaveURL(/\/admin\/households\/imports\//);
      await answers(page);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await looksRight(page, `import ${name}, ${size}`);
      }
    }
  });
}

test("a file that is no table says so", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  await upload(page, "图片.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
  await expect(page.getByRole("alert").filter({ hasText: "无法识别这个文件" })).toBeVisible();
  await expect(page.getByText("没有导入任何内容。")).toBeVisible();
});

test("a spreadsheet that would come to far too much is refused before it is read", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  const bomb = archive("xl/worksheets/sheet1.xml", Buffer.alloc(65 * 1024 * 1024, " "));
  expect(bomb.length).toBeLessThan(100_000);
  await upload(page, "住户.xlsx", bomb);
  await expect(page.getByRole("alert").filter({ hasText: "文件展开后过大，不是正常的登记表。" })).toBeVisible();
  await expect(page.getByText("没有导入任何内容。")).toBeVisible();
});

for (const [what, content] of [
  ["an empty file", ""],
  ["a file with column names alone", "小区,楼栋,门牌号,户主\n"],
]) {
  test(`${what} says that there is nothing in it`, async ({ pageOf }) => {
    const page = await pageOf("admin", { size: "pc" });
    await upload(page, "空.csv", Buffer.from(content));
    await expect(page.getByRole("alert").filter({ hasText: "文件里没有数据。请检查是否选错了文件。" })).toBeVisible();
    await expect(page.getByText("没有导入任何内容。")).toBeVisible();
  });
}

test("a line that breaks in the middle of an upload leaves nothing behind, and the file is sent again", async ({
  pageOf,
  site,
}) => {
  const page = await pageOf("admin", { size: "pc" });
  const line = await Line.to(site.port);
  const doors = Array.from({ length: 20_000 }, (_, door) => `断线里,1栋,${door + 1},何溪\n`);
  const file = Buffer.from(`小区,楼栋,门牌号,户主\n${doors.join("")}`);
  const kept = () => site.sql("select count(*) from register_import where file_name = '断线.csv'");
  await upload(page, "断线.csv", file, line.url);
  await expect.poll(() => line.state).toBe("broken");
  await expect(page).toHaveURL(/^chrome-error:/);
  expect(kept()).toBe("0");

  line.mend();
  await upload(page, "断线.csv", file, line.url);
  await expect(page.getByText("文件没有问题")).toBeVisible();
  expect(kept()).toBe("1");
  line.end();
});
