import { codeSentTo } from "../fixtures/people.ts";
import { residentWithQuota } from "../fixtures/residents.ts";
import { expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

test("a resident gives a mail address, and is told by text message and by mail that the office agreed", async ({ pageOf, site }) => {
  const phone = residentWithQuota(site, "resident-once");
  const page = await pageOf(phone);
  await visit(page, "/account");
  await expect(page.getByRole("heading", { level: 2, name: "消息通知" })).toBeVisible();
  await expect(page.getByLabel("当前密码")).toHaveCount(0);
  await expect(page.getByRole("checkbox", { name: /^短信/ })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^邮件/ })).toBeDisabled();

  const mail = "resident@example.edu";
  await page.getByLabel("新的邮箱地址").fill("resident@");
  await page.getByRole("button", { name: "发送验证邮件" }).click();
  await expect(page.getByLabel("新的邮箱地址")).toHaveAccessibleDescription(/格式不正确/);
  await page.getByLabel("新的邮箱地址").fill(mail);
  await page.getByRole("button", { name: "发送验证邮件" }).click();
  await expect(page.getByText(`验证码已发到 ${mail}`)).toBeVisible();
  await page.getByLabel("邮件中的验证码").fill(await codeSentTo(page, mail));
  await page.getByRole("button", { name: "确认邮箱" }).click();
  await expect(page.getByText("邮箱已确认")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /^邮件/ })).toBeChecked();

  await visit(page, "/apply/resident-once");
  await page.getByLabel("申请原因").fill("买菜");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const office = await pageOf("office", { size: "pc" });
  await visit(office, `/review/${id}`);
  await office.getByRole("button", { name: "同意", exact: true }).click();
  await expect(office.getByRole("article").locator("[data-state=completed]").first()).toBeVisible();

  await visit(page, "/demo/messages");
  const told = page.getByRole("listitem").filter({ hasText: `/applications/${id}` });
  await expect(told).toHaveCount(2);
  await expect(told.filter({ hasText: phone })).toContainText("已通过");
  await expect(told.filter({ hasText: mail })).toContainText("申请已通过");
});

test("an administrator sees what could not be sent and has it sent again, and never a code", async ({ pageOf, site }) => {
  const notice = `{"application": "00000000-0000-4000-8000-000000000000", "title": {"zh": "居民单次通行", "en": "x"}, "news": {"is": "lapsed"}}`;
  site.sql(`insert into message (site_id, message_id, channel, recipient, kind, notice, cause, created_at, due_at, attempts, failed_at, last_error)
    values (1, gen_random_uuid(), 'sms', '13800138999', 'lapsed', '${notice}', gen_random_uuid(), now(), now(), 1, now(), 'answered 400')`);
  const page = await pageOf("anybody");
  await visit(page, "/sign-in");
  await page.getByLabel("手机号").fill("13800138998");
  await page.getByRole("button", { name: "发送短信" }).click();
  await expect(page.getByText("短信已发送")).toBeVisible();
  const code = await codeSentTo(page, "13800138998");

  const admin = await pageOf("admin", { size: "pc" });
  await visit(admin, "/admin");
  await admin.getByRole("link", { name: /消息发送失败/ }).click();
  await expect(admin).toHaveURL(/\/admin\/messages\?state=failed/);
  const row = admin.getByRole("row").filter({ hasText: "13800138999" });
  await expect(row).toContainText("对方答复：400");
  await row.getByRole("button", { name: "重新发送" }).click();
  await expect(admin.getByText("1 条消息将重新发送。")).toBeVisible();
  await expect(row).toHaveCount(0);

  await visit(admin, "/admin/messages");
  const sent = admin.getByRole("row").filter({ hasText: "13800138998" });
  await expect(sent).toContainText("验证码（不显示）");
  await expect(sent).not.toContainText(code);
});
