import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { looksRight } from "../fixtures/looks.ts";
import { codeSentTo } from "../fixtures/people.ts";
import { type Running, cas, oidc } from "../fixtures/providers.ts";
import { freshPhone } from "../fixtures/residents.ts";
import { type Page, SIZES, expect, test } from "../fixtures/test.ts";
import { answers, visit } from "../fixtures/visit.ts";

// Somebody of the register who is not in the demonstration.
const NUMBER = "T-9001";
const NAME = "尹听松";

const folder = mkdtempSync(join(tmpdir(), "campus-sign-in-"));
const running: Running[] = [];

test.beforeAll(async ({ site }) => {
  running.push(await oidc(`${site.url}/sign-in/oidc/return`), await cas(`^${site.url}/`));
  const code = site.sql("select code from site where site_id = 1");
  writeFileSync(join(folder, "secret"), "campus-pass-secret");
  writeFileSync(
    join(folder, "sign-in.toml"),
    `[${code}.oidc]
issuer = "${running[0].url}"
client_id = "campus-pass"
client_secret_file = "${folder}/secret"
label = { zh = "校园统一认证", en = "Campus ID" }
[${code}.cas]
url = "${running[1].url}"
label = { zh = "CAS 登录", en = "CAS sign-in" }
`,
  );
  site.sql(`with unit_made as (
      insert into unit (site_id, unit_id, code, name_zh, name_en)
      values (1, gen_random_uuid(), 'T-UNIT', '试验学院', 'Trial College') returning unit_id),
    account_made as (
      insert into account (site_id, account_id, display_name, created_at)
      values (1, gen_random_uuid(), '${NAME}', now()) returning account_id)
    insert into person (site_id, account_id, number, kind, unit_id)
    select 1, account_id, '${NUMBER}', 'staff', unit_id from unit_made, account_made`);
  await site.signsIn(join(folder, "sign-in.toml"));
});

test.afterAll(async ({ site }) => {
  await site.signsIn();
  for (const one of running) one.end();
  rmSync(folder, { recursive: true });
});

async function byOidc(page: Page, number: string): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: "校园统一认证" }).click();
  await page.locator("input[name=login]").fill(number);
  await page.locator("input[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
}

async function byCas(page: Page, number: string): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: "CAS 登录" }).click();
  await page.locator("input[name=username]").fill(number);
  await page.locator("input[name=password]").fill("number");
  await page.locator("button[type=submit]").click();
}

for (const [way, signIn] of Object.entries({ oidc: byOidc, cas: byCas })) {
  for (const size of ["phone", "pc"] as const) {
    test(`somebody of the register signs in by ${way} and goes on to where they wanted, ${size}`, async ({ pageOf }) => {
      const page = await pageOf("anybody", { size });
      await visit(page, "/applications");
      await expect(page).toHaveURL(/\/sign-in\?next=/);
      await expect(page.getByRole("heading", { name: "教职工、学生" })).toBeVisible();
      await signIn(page, NUMBER);
      await expect(page.getByRole("heading", { level: 1, name: "我的申请" })).toBeVisible();
      await expect(page.getByRole("link", { name: NAME })).toBeVisible();
    });
  }

  test(`a number that ${way} knows and the register does not is told so, with a way back`, async ({ pageOf }) => {
    const page = await pageOf("anybody");
    await visit(page, "/sign-in?next=/apply");
    await signIn(page, "S2020-9");
    await expect(page.getByRole("alert")).toContainText("人员名册里没有学工号 S2020-9");
    await page.getByRole("link", { name: "返回登录页" }).click();
    await expect(page).toHaveURL(/\/sign-in\?next=\/apply/);
    await expect(page.getByRole("link", { name: "校园统一认证" })).toHaveAttribute("href", "/sign-in/oidc?next=/apply");
  });
}

test("signing out here leads to signing out there", async ({ pageOf, site }) => {
  const page = await pageOf("anybody");
  await visit(page, "/sign-in");
  await byOidc(page, NUMBER);
  await page.getByRole("button", { name: "退出" }).click();
  await expect(page).toHaveURL((url) => url.href.startsWith(`${running[0].url}/session/end`));
  await page.goto(`${site.url}/applications`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("signing out there signs out here", async ({ pageOf, site }) => {
  const page = await pageOf("anybody");
  await visit(page, "/sign-in");
  await byCas(page, NUMBER);
  await expect(page.getByRole("link", { name: NAME })).toBeVisible();
  await page.goto(`${running[1].url}/logout`);
  await expect.poll(async () => {
    await page.goto(`${site.url}/applications`);
    return page.url();
  }).toContain("/sign-in?next=");
});

test("a telephone is bound, and signs in as the same person", async ({ pageOf }) => {
  const phone = freshPhone();
  const page = await pageOf("anybody");
  await visit(page, "/sign-in");
  await byOidc(page, NUMBER);
  await page.getByRole("link", { name: NAME }).click();
  await expect(page.getByRole("heading", { level: 1, name: "我的账号" })).toBeVisible();
  await answers(page);
  await page.getByLabel("要绑定的手机号").fill(phone);
  await page.getByRole("button", { name: "发送短信" }).click();
  await expect(page.getByText("短信已发送")).toBeVisible();
  await page.getByLabel("验证码").fill(await codeSentTo(page, phone));
  await page.getByRole("button", { name: "绑定", exact: true }).click();
  await expect(page.getByText("手机号已绑定。")).toBeVisible();
  await expect(page.getByText(`尾号 ${phone.slice(-4)}`)).toBeVisible();
});

test("the pages fit and shut nobody out", async ({ pageOf }) => {
  for (const language of ["zh", "en"] as const) {
    const page = await pageOf("anybody", { language });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await visit(page, "/sign-in");
      await looksRight(page, `sign-in with the site's own, ${size}, ${language}`);
    }
  }
  const page = await pageOf("anybody");
  await visit(page, "/sign-in?next=/account");
  await byOidc(page, NUMBER);
  await expect(page.getByRole("heading", { level: 1, name: "我的账号" })).toBeVisible();
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await looksRight(page, `account of somebody of the register, ${size}`);
  }
});
