import { RESIDENT } from "../fixtures/people.ts";
import { residentWithSeveral } from "../fixtures/residents.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

const table = (page: Page) => page.getByRole("region", { name: "我的申请表" });
const drawer = (page: Page) => page.getByRole("complementary", { name: "申请详情" });
const details = (page: Page) => table(page).getByRole("link", { name: /^详情/ });

test("on a phone there are cards and a menu of states", async ({ pageOf }) => {
  const page = await pageOf(RESIDENT);
  await visit(page, "/applications");
  await expect(page.getByRole("article").first()).toBeVisible();
  await expect(table(page)).toBeHidden();
  await page.getByText("全部 ▾").click();
  await page.getByRole("navigation", { name: "按状态筛选" }).getByRole("link", { name: "已完成" }).click();
  await expect(page).toHaveURL("/applications?state=completed");
  await expect(page.getByText("已完成 ▾")).toBeVisible();
});

test("on a PC the rows are gone through by the keyboard, one of them open beside the table", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithSeveral(site), { size: "pc" });
  await visit(page, "/applications");
  await details(page).first().focus();
  await page.keyboard.press("Enter");
  await expect(drawer(page)).toBeFocused();
  await expect(drawer(page).getByRole("heading", { name: "办理过程" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer(page)).toHaveCount(0);
  await expect(details(page).first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(details(page).nth(1)).toBeFocused();
  await expect(page).toHaveURL("/applications");
});

test("what is open and what narrows the list stand in the address", async ({ pageOf }) => {
  const page = await pageOf(RESIDENT, { size: "pc" });
  await visit(page, "/applications");
  await page.getByRole("link", { name: "本学期" }).click();
  await page.getByRole("link", { name: "上学期" }).click();
  await expect(page).toHaveURL(/\/applications\?range=term&on=\d{4}-\d\d-\d\d$/);
  await page.goBack();
  await expect(page).toHaveURL("/applications?range=term");
  await page.getByRole("link", { name: "全部时间" }).click();
  // The rows of before stay until the new ones are there, and lead back to where they belong.
  await expect(details(page).first()).toHaveAttribute("href", /^\/applications\?open=/);
  await details(page).first().click();
  await expect(page).toHaveURL(/\/applications\?open=[0-9a-f-]{36}$/);
  await page.reload();
  await expect(drawer(page).getByRole("heading", { name: "办理过程" })).toBeVisible();
});

test("chosen columns stay, and the file has them", async ({ pageOf }) => {
  const page = await pageOf(RESIDENT, { size: "pc" });
  await visit(page, "/applications");
  await page.getByText("自定义列").click();
  await page.getByRole("checkbox", { name: "通行证号" }).check();
  await page.getByRole("checkbox", { name: "单位或住户" }).uncheck();
  await page.reload();
  await expect(table(page).getByRole("columnheader", { name: "通行证号" })).toBeVisible();
  await expect(table(page).getByRole("columnheader", { name: "单位或住户" })).toHaveCount(0);
  const export_ = page.getByRole("link", { name: "导出" });
  await expect(export_).toHaveAttribute("href", /columns=.*number/);
  const [file] = await Promise.all([page.waitForEvent("download"), export_.click()]);
  expect(file.suggestedFilename()).toBe("applications.csv");
});

test("a portal's link opens the right place after signing in", async ({ pageOf }) => {
  const page = await pageOf("anybody");
  await page.goto("/applications?state=in_review&range=week");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  expect(new URL(page.url()).searchParams.get("next")).toBe("/applications?state=in_review&range=week");
});
