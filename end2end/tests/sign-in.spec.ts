import { type Page, expect, test } from "../fixtures/test.ts";
import { codeSentTo, signInPhone, signInStaff } from "../fixtures/people.ts";
import { freshPhone } from "../fixtures/residents.ts";
import { visit } from "../fixtures/visit.ts";

async function askForCode(page: Page, phone: string): Promise<void> {
  await visit(page, "/sign-in");
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发送短信" }).click();
}

async function enter(page: Page, code: string): Promise<void> {
  await page.getByLabel("验证码").fill(code);
  await page.getByRole("button", { name: "进入" }).click();
}

test("a phone signs in with the code sent to it, and out again", async ({ page }) => {
  await signInPhone(page, freshPhone());
  await page.getByRole("button", { name: "退出" }).click();
  await expect(page.getByRole("link", { name: "登录" })).toBeVisible();
  await page.goto("/applications");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("after signing in the way leads on to where one wanted to go", async ({ page }) => {
  const phone = freshPhone();
  await visit(page, "/applications");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发送短信" }).click();
  await expect(page.getByText("短信已发送")).toBeVisible();
  await enter(page, await codeSentTo(page, phone));
  await expect(page.getByRole("heading", { level: 1, name: "我的申请" })).toBeVisible();
});

test("a wrong code is refused, the right one works after it, and only once", async ({ page, browser, site }) => {
  const phone = freshPhone();
  await askForCode(page, phone);
  await expect(page.getByText("短信已发送")).toBeVisible();
  const code = await codeSentTo(page, phone);
  await enter(page, String((Number(code) + 1) % 1_000_000).padStart(6, "0"));
  await expect(page.getByText("不正确，请核对后重试。")).toBeVisible();
  await expect(page.getByLabel("手机号")).toHaveValue(phone);
  await enter(page, code);
  await expect(page.getByRole("button", { name: "退出" })).toBeVisible();

  const other = await browser.newPage({ baseURL: site.url });
  await visit(other, "/sign-in");
  await other.getByLabel("手机号").fill(phone);
  await enter(other, code);
  await expect(other.getByText("已失效，请重新获取。")).toBeVisible();
  await other.context().close();
});

test("a code works for five minutes", async ({ page, site }) => {
  const phone = freshPhone();
  await askForCode(page, phone);
  await expect(page.getByText("短信已发送")).toBeVisible();
  const code = await codeSentTo(page, phone);
  site.sql(`update sign_in_code set sent_at = sent_at - interval '5 minutes', expires_at = expires_at - interval '5 minutes'
    where phone = '${phone}'`);
  await enter(page, code);
  await expect(page.getByText("已失效，请重新获取。")).toBeVisible();
});

test("one number gets one code a minute, and is told when to ask again", async ({ page }) => {
  const phone = freshPhone();
  await askForCode(page, phone);
  await expect(page.getByRole("button", { name: "重新发送" })).toBeDisabled();
  await askForCode(page, phone);
  await expect(page.getByRole("alert").filter({ hasText: /操作太频繁，请在 \d+ 秒后再试。/ })).toBeVisible();
});

test("a malformed number and a wrong password are told at their fields", async ({ page }) => {
  await askForCode(page, "12345");
  await expect(page.getByText("格式不正确，请检查。")).toBeVisible();
  await visit(page, "/sign-in?way=password");
  await page.getByLabel("账号").fill("nobody");
  await page.getByLabel("密码").fill("wrong");
  await page.getByRole("main").getByRole("button", { name: "登录" }).click();
  await expect(page.getByText("不正确，请核对后重试。")).toBeVisible();
  await expect(page.getByLabel("账号")).toHaveValue("nobody");
});

test("each sees the ways that are theirs", async ({ page }) => {
  await signInStaff(page, "guard");
  await expect(page.getByRole("main").getByRole("link", { name: "门岗核验" })).toBeVisible();
  await expect(page.getByRole("link", { name: "审核" })).toHaveCount(0);
  await page.goto("/review");
  await expect(page.getByText("您的账号没有这项权限")).toBeVisible();
});

test("the language switches where one is, and stays", async ({ page }) => {
  await visit(page, "/sign-in");
  await page.getByRole("link", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Yunling University" })).toBeVisible();
  await page.getByRole("link", { name: "中文" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "云岭大学" })).toBeVisible();
});
