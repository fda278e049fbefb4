import { signInStaff, tryPassword } from "../fixtures/people.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

async function upload(page: Page, register: "units" | "people", text: string): Promise<void> {
  await visit(page, `/admin/${register}/import`);
  await page.getByLabel(register === "units" ? "单位文件" : "人员文件").setInputFiles({
    name: `${register}.csv`,
    mimeType: "text/csv",
    buffer: Buffer.from(text),
  });
  await page.getByRole("button", { name: "上传并检查" }).click();
}

async function confirmImport(page: Page): Promise<void> {
  await page.getByRole("button", { name: "确认导入" }).click();
  await expect(page.getByText("已导入")).toBeVisible();
}

test("units and people are imported, and their heads with them", async ({ pageOf, site }) => {
  const page = await pageOf("admin", { size: "pc" });
  const units = "单位代码,单位名称,上级单位代码,负责人学工号\n900,体育学院,200,07900001\n";
  await upload(page, "units", units);
  await expect(page.getByText("人员登记中没有这些学工号，导入时略过：")).toBeVisible();
  await confirmImport(page);

  await upload(page, "people", "学工号,姓名,人员类别,所在单位\n07900001,程望舒,教职工,体育学院\n07900002,程墨,校友,体育学院\n");
  await expect(page.getByRole("region", { name: "错误" }).getByRole("row").nth(1)).toContainText("人员类别");
  await expect(page.getByRole("button", { name: "确认导入" })).toHaveCount(0);
  await upload(page, "people", "学工号,姓名,人员类别,所在单位\n07900001,程望舒,教职工,体育学院\n");
  await confirmImport(page);

  await upload(page, "units", units);
  await expect(page.getByRole("region", { name: "变更" })).toContainText("程望舒");
  await confirmImport(page);
  await visit(page, "/admin/units");
  await expect(page.getByRole("row").filter({ hasText: "体育学院" })).toContainText("程望舒");
  expect(site.sql("select count(*) from person where number like '07900%'")).toBe("1");
});

test("a unit that would stand below itself keeps the whole file out", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  await upload(page, "units", "单位代码,单位名称,上级单位代码\n200,学院,201\n");
  await expect(page.getByRole("region", { name: "错误" })).toContainText("上下级关系成环");
});

test("a deputy is named by number, looked at, and then confirmed; and taken back", async ({ pageOf, site }) => {
  const page = await pageOf("admin", { size: "pc" });
  await visit(page, "/admin/units");
  await page.getByRole("link", { name: "图书馆" }).click();
  const roles = page.getByRole("region", { name: "负责人与其他权限" });
  await roles.getByLabel("权限").selectOption("单位副职");
  await roles.getByLabel("学工号").fill("07301999");
  await roles.getByRole("button", { name: "查找" }).click();
  await expect(roles.getByText("人员登记中没有在校人员使用学工号 07301999")).toBeVisible();
  await roles.getByLabel("学工号").fill("07301005");
  await roles.getByRole("button", { name: "查找" }).click();
  const deputies = `select count(*) from role_grant join person using (site_id, account_id)
    where role = 'unit_deputy' and number = '07301005'`;
  const confirm = roles.getByRole("button", { name: /^确认授予 单位副职: .+ 07301005$/ });
  await expect(confirm).toBeVisible();
  expect(site.sql(deputies)).toBe("0");
  await confirm.click();
  await expect(roles.getByText("已是单位副职")).toBeVisible();
  expect(site.sql(deputies)).toBe("1");
  await roles.getByRole("button", { name: /^收回 单位副职 .+ 07301005$/ }).click();
  await expect(roles.getByRole("button", { name: /07301005$/ })).toHaveCount(1);
  expect(site.sql(deputies)).toBe("0");
});

test("somebody is found by number, given a password, leaves and is back", async ({ pageOf }) => {
  const admin = await pageOf("admin", { size: "pc" });
  await visit(admin, "/admin/people");
  await admin.getByLabel("学工号或姓名").fill("07302005");
  await admin.getByRole("button", { name: "查找" }).click();
  await expect(admin.getByRole("region", { name: "人员表" }).getByRole("row")).toHaveCount(2);
  await admin.getByRole("region", { name: "人员表" }).getByRole("link").click();
  await admin.getByLabel("登录账号").fill("network5");
  await admin.getByRole("button", { name: "设置账号并生成密码" }).click();
  const password = (await admin.getByRole("status").locator("code").innerText()).trim();
  const page = await pageOf("anybody");
  await tryPassword(page, "network5", password);
  await expect(page.getByRole("button", { name: "退出" })).toBeVisible();

  await admin.getByText("标为离校").click();
  await admin.getByRole("button", { name: "确认离校" }).click();
  await expect(admin.getByText("已离校", { exact: true })).toBeVisible();
  await page.goto("/applications");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await tryPassword(page, "network5", password);
  await expect(page.getByText("不正确，请核对后重试。")).toBeVisible();

  await admin.getByText("恢复在校", { exact: true }).click();
  await admin.getByRole("button", { name: "确认恢复在校" }).click();
  await expect(admin.getByText("已离校", { exact: true })).toHaveCount(0);
  await tryPassword(page, "network5", password);
  await expect(page.getByRole("button", { name: "退出" })).toBeVisible();
});

test("the list is narrowed to a unit with those below it, to a role, and to accounts outside the register", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  await visit(page, "/admin/people");
  const rows = page.getByRole("region", { name: "人员表" }).getByRole("row");
  await page.getByRole("search").getByLabel("权限").selectOption("保卫处");
  await page.getByRole("button", { name: "查找" }).click();
  await expect(rows).toHaveCount(3);
  await visit(page, "/admin/people?who=local");
  await expect(page.getByRole("link", { name: "门岗 高川" })).toBeVisible();
});

test("a unit is added, moved and closed; one with people stays", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  await visit(page, "/admin/units");
  const form = page.getByRole("region", { name: "添加单位" });
  await form.getByLabel("单位代码").fill("931");
  await form.getByLabel("中文名称").fill("档案室");
  await form.getByLabel("上级单位").selectOption("101 学校办公室");
  await form.getByRole("button", { name: "添加单位" }).click();
  await page.getByRole("link", { name: "档案室" }).click();
  await page.getByText("移动", { exact: true }).click();
  await page.getByLabel("新的上级单位").selectOption("301 图书馆");
  await page.getByRole("button", { name: "确认移动" }).click();
  await expect(page.getByRole("link", { name: "301 图书馆" })).toBeVisible();
  await page.getByText("停用", { exact: true }).click();
  await page.getByRole("button", { name: "确认停用" }).click();
  await expect(page.getByText("已停用")).toBeVisible();

  await visit(page, "/admin/units");
  await page.getByRole("link", { name: "校医院" }).click();
  await page.getByText("停用", { exact: true }).click();
  await page.getByRole("button", { name: "确认停用" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "还有人员属于这个单位" })).toBeVisible();
});

test("whoever heads a unit may apply like everybody", async ({ page }) => {
  await signInStaff(page, "head");
  await visit(page, "/");
  await expect(page.getByRole("main").getByRole("link", { name: "申请通行证" })).toBeVisible();
});
