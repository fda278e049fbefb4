// Work passes: several steps, each with whoever it is for, on phone and PC.
import { addCheckpoint, admit, codeOf, enrol, verdict } from "../fixtures/gate.ts";
import { freshPhone } from "../fixtures/residents.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

/** Hands in the form that is open; the application's id. */
async function handIn(page: Page, reason: string): Promise<string> {
  await page.getByLabel("申请原因").fill(reason);
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/** Presses one of the buttons of the open application, and waits until that was answered. */
async function decide(page: Page, verb: string): Promise<void> {
  await page.getByRole("button", { name: verb, exact: true }).click();
  await expect(page.getByRole("link", { name: "看下一条" })).toBeVisible();
}

const state = (page: Page, name: string) => page.getByRole("article").locator(`[data-state=${name}]`).first();

test("staff apply, the head of their unit agrees, and the gate admits", async ({ pageOf, tablet, site }) => {
  test.slow();
  const staff = await pageOf("staff");
  await visit(staff, "/apply/work-staff");
  await expect(staff.getByText("学工号")).toBeVisible();
  const id = await handIn(staff, "值班");
  await expect(staff.getByRole("list", { name: "流程图" }).getByRole("listitem").filter({ hasText: "部门领导审核" })).toHaveAttribute("data-reached", "here");

  // Not the community office's, not a student's: only the head's.
  const office = await pageOf("office", { size: "pc" });
  await visit(office, `/review/${id}`);
  await expect(office.getByRole("button", { name: "同意", exact: true })).toHaveCount(0);

  const head = await pageOf("head", { size: "pc" });
  await visit(head, "/review");
  await head.getByRole("row").filter({ hasText: "值班" }).getByRole("link").first().click();
  await head.getByLabel("意见").fill("同意入校");
  await decide(head, "同意");
  await expect(state(head, "completed")).toBeVisible();

  await visit(staff, `/applications/${id}`);
  await expect(staff.getByText("同意入校")).toBeVisible();
  await expect(staff.getByRole("link", { name: "我的通行码" })).toBeVisible();

  const admin = await pageOf("admin", { size: "pc" });
  await addCheckpoint(admin, "北门", "North Gate");
  await enrol(tablet, admin, "北门");
  await visit(tablet.page, "/gate");
  await admit(tablet.page, codeOf(site, `application_id = '${id}'`).code);
  await expect(verdict(tablet.page)).toContainText("工作通行证");
});

test("sent back, corrected on the phone, and handed in again", async ({ pageOf }) => {
  const staff = await pageOf("staff");
  await visit(staff, "/apply/work-staff");
  const id = await handIn(staff, "没写清");
  const head = await pageOf("head");
  await visit(head, `/review/${id}`);
  // Why is needed.
  await head.getByRole("button", { name: "退回修改", exact: true }).click();
  await expect(head.getByText("意见：")).toBeVisible();
  await head.getByLabel("意见").fill("请写明工作内容");
  await decide(head, "退回修改");
  await visit(staff, `/applications/${id}`);
  await expect(state(staff, "rejected")).toBeVisible();
  await staff.getByRole("link", { name: "修改后重新提交" }).click();
  await expect(staff.getByText("请写明工作内容")).toBeVisible();
  await expect(staff.getByLabel("申请原因")).toHaveValue("没写清");
  expect(await handIn(staff, "机房巡检")).toBe(id);
  await visit(head, `/review/${id}`);
  await expect(head.getByText("机房巡检")).toBeVisible();
  await decide(head, "不同意");
  await expect(state(head, "rejected")).toBeVisible();
});

test("a student's goes from the college to student affairs, as the college sends it", async ({ pageOf }) => {
  const student = await pageOf("student");
  await visit(student, "/apply/work-student");
  const id = await handIn(student, "实验");
  const college = await pageOf("college", { size: "pc" });
  await visit(college, `/review/${id}`);
  await college.getByRole("combobox", { name: "下一步", exact: true }).selectOption("学工部同意");
  await expect(college.getByRole("combobox", { name: "下一步办理人" })).toBeVisible();
  await decide(college, "同意");
  await expect(college.getByText("已同意，转到下一步。")).toBeVisible();
  await expect(state(college, "in_review")).toBeVisible();
  await expect(college.getByRole("button", { name: "同意", exact: true })).toHaveCount(0);

  const affairs = await pageOf("affairs");
  await visit(affairs, `/review/${id}`);
  await decide(affairs, "同意");
  await visit(student, `/applications/${id}`);
  await expect(state(student, "completed")).toBeVisible();
  const steps = student.getByRole("list", { name: "流程图" }).getByRole("listitem");
  await expect(steps.filter({ hasText: "学工部同意" })).toHaveAttribute("data-reached", "passed");
});

test("a visitor names a host, who confirms", async ({ pageOf, site }) => {
  const [number, name] = site
    .sql(`select number, display_name from person join account using (site_id, account_id) where login = 'staff' and site_id = 1`)
    .split("|");
  const visitor = await pageOf(freshPhone());
  await visit(visitor, "/apply/visitor");
  await visitor.getByRole("textbox", { name: "姓名", exact: true }).fill("贺远来");
  await visitor.getByLabel("接待人工号").fill(number);
  await visitor.getByLabel("接待人姓名").fill("不是此人");
  await visitor.getByLabel("申请原因").fill("学术交流");
  await visitor.getByRole("button", { name: "提交" }).click();
  await expect(visitor.getByText("没有找到这位接待人")).toBeVisible();
  await visitor.getByLabel("接待人姓名").fill(name);
  const id = await handIn(visitor, "学术交流");
  const host = await pageOf("staff");
  await visit(host, "/review");
  await host.getByRole("link", { name: "贺远来" }).click();
  await expect(host.getByText("学术交流")).toBeVisible();
  await decide(host, "同意");
  await visit(visitor, `/applications/${id}`);
  await expect(visitor.getByRole("link", { name: "我的通行码" })).toBeVisible();
});

test("an official vehicle takes two steps, and a substitute stands in for the second", async ({ pageOf }) => {
  const staff = await pageOf("staff", { size: "pc" });
  await visit(staff, "/apply/official-vehicle");
  await staff.getByLabel("车牌号").fill("不是车牌");
  await staff.getByLabel("驾驶员").fill("贺远");
  await staff.getByLabel("申请原因").fill("公务");
  await staff.getByRole("button", { name: "提交" }).click();
  await expect(staff.getByText("车牌号格式不正确")).toBeVisible();
  await staff.getByLabel("车牌号").fill("渝a·12345");
  const id = await handIn(staff, "公务");
  const head = await pageOf("head");
  await visit(head, `/review/${id}`);
  await decide(head, "同意");
  const security = await pageOf("security", { size: "pc" });
  await visit(security, "/review/standin");
  await security.getByLabel("代理人工号或登录账号").fill("head");
  await security.getByRole("button", { name: "设置", exact: true }).click();
  await expect(security.getByText("代我审批")).toBeVisible();
  await visit(head, `/review/${id}`);
  await decide(head, "同意");
  await visit(staff, `/applications/${id}`);
  await expect(state(staff, "completed")).toBeVisible();
  await expect(staff.getByText("渝A12345")).toBeVisible();
  await security.getByRole("button", { name: "收回" }).click();
  await expect(security.getByText("目前没有代理")).toBeVisible();
});
