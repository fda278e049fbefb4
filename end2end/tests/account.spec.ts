import { tryPassword } from "../fixtures/people.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

const signedIn = (page: Page) => expect(page.getByRole("button", { name: "退出" })).toBeVisible();

interface Colleague {
  login: string;
  password: string;
}

/** Adds somebody to the office, reads the password that is shown once, and goes to their page. */
async function hire(admin: Page, name: string, login: string): Promise<Colleague> {
  await visit(admin, "/admin/people");
  const form = admin.getByRole("region", { name: "添加工作账号" });
  await form.getByLabel("姓名").fill(name);
  await form.getByLabel("登录账号").fill(login);
  await form.getByLabel("权限").selectOption("社区办");
  await form.getByRole("button", { name: "添加并生成密码" }).click();
  const shown = admin.getByRole("status").filter({ hasText: login });
  const password = (await shown.locator("code").innerText()).trim();
  await shown.getByRole("link", { name: "查看此账号" }).click();
  await expect(admin.getByRole("heading", { level: 2, name })).toBeVisible();
  return { login, password };
}

async function change(page: Page, old: string, fresh: string, again = fresh): Promise<void> {
  await page.getByLabel("当前密码").fill(old);
  await page.getByLabel(/^新密码/).fill(fresh);
  await page.getByLabel("再次输入新密码").fill(again);
  await page.getByRole("button", { name: "修改", exact: true }).click();
}

test("staff change their own password; what is wrong is told at its field, and other browsers are signed out", async ({
  pageOf,
}) => {
  const { login, password } = await hire(await pageOf("admin", { size: "pc" }), "苏知远", "suzhiyuan");
  const [page, elsewhere] = [await pageOf("anybody"), await pageOf("anybody")];
  for (const each of [page, elsewhere]) {
    await tryPassword(each, login, password);
    await signedIn(each);
  }
  await page.getByRole("link", { name: "苏知远" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "修改密码" })).toBeVisible();
  const says = (label: RegExp, words: string) => expect(page.getByLabel(label)).toHaveAccessibleDescription(words);
  await change(page, "not this one", "a much longer one");
  await says(/^当前密码/, "不正确，请核对后重试。");
  await change(page, password, "short");
  // As the hint says before, and now as a fault too.
  await says(/^新密码/, "至少 10 个字符。 至少 10 个字符。");
  await change(page, password, "a much longer one", "a much longer two");
  await says(/^再次输入新密码/, "不正确，请核对后重试。");
  await change(page, password, "a much longer one");
  await expect(page.getByText("密码已修改，其他设备上的登录已失效。")).toBeVisible();

  await page.reload();
  await signedIn(page);
  await elsewhere.goto("/review");
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=/);
  await tryPassword(elsewhere, login, password);
  await expect(elsewhere.getByText("不正确，请核对后重试。")).toBeVisible();
  await tryPassword(elsewhere, login, "a much longer one");
  await signedIn(elsewhere);
});

test("a disabled account cannot be used until it is enabled again", async ({ pageOf }) => {
  const admin = await pageOf("admin", { size: "pc" });
  const { login, password } = await hire(admin, "罗听雨", "luotingyu");
  const page = await pageOf("anybody");
  await tryPassword(page, login, password);
  await signedIn(page);

  await admin.getByText("停用账号").click();
  await admin.getByRole("button", { name: "确认停用" }).click();
  await expect(admin.getByText("已停用")).toBeVisible();
  await page.goto("/review");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await tryPassword(page, login, password);
  await expect(page.getByText("不正确，请核对后重试。")).toBeVisible();

  await admin.getByText("恢复账号").click();
  await admin.getByRole("button", { name: "确认恢复" }).click();
  await expect(admin.getByText("已停用")).toHaveCount(0);
  await tryPassword(page, login, password);
  await signedIn(page);
  await visit(page, "/review");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("a role is granted where it may be: the office at the whole site, a guard in a zone", async ({ pageOf, site }) => {
  const admin = await pageOf("admin", { size: "pc" });
  await hire(admin, "唐映川", "tangyingchuan");
  const roles = admin.getByRole("region", { name: "权限" });
  const places = roles.getByLabel("范围").getByRole("option");
  await roles.getByLabel("权限", { exact: true }).selectOption("保卫处");
  await expect(places).toHaveText(["全校"]);
  await roles.getByLabel("权限", { exact: true }).selectOption("门岗");
  await expect(places).toHaveText(["全校", "A 校区", "B 校区", "C 校区"]);
  await roles.getByLabel("范围").selectOption("A 校区");
  await roles.getByRole("button", { name: "授予", exact: true }).click();
  await expect(roles.getByText("门岗 · A 校区")).toBeVisible();
  await expect(roles.getByText("社区办 · 全校")).toBeVisible();
  const grants = `select string_agg(role || ' ' || coalesce(zone_no::text, 'all'), ', ' order by role)
    from role_grant join account using (site_id, account_id) where login = 'tangyingchuan'`;
  expect(site.sql(grants)).toBe("guard 0, office all");
  await roles.getByRole("button", { name: "收回 门岗 · A 校区" }).click();
  await expect(roles.getByText("门岗 · A 校区")).toHaveCount(0);
  expect(site.sql(grants)).toBe("office all");
});
