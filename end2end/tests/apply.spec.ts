import { dayFromNow, withWeekday } from "../fixtures/calendar.ts";
import { tabTo } from "../fixtures/keyboard.ts";
import { codeSentTo } from "../fixtures/people.ts";
import { residentWithQuota } from "../fixtures/residents.ts";
import { type Page, type Site, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

const day = (page: Page, days: number) => page.getByRole("radio", { name: withWeekday(dayFromNow(days)) });
const state = (page: Page, words: string) => page.locator("[data-state]").filter({ hasText: words }).first();

async function applyFor(page: Page, days: number, reason = "买菜"): Promise<void> {
  await visit(page, "/apply/resident-once");
  await day(page, days).check();
  await page.getByLabel("申请原因").fill(reason);
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
}

test("only days that may be chosen can be, and the next free one is named when the quota is spent", async ({
  pageOf,
  site,
}) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await visit(page, "/apply/resident-once");
  const days = page.getByRole("group", { name: "通行日期" }).getByRole("radio");
  await expect(days).toHaveCount(7);
  await expect(page.getByRole("radio", { disabled: true })).toHaveCount(0);

  await applyFor(page, 0);
  await visit(page, "/apply/resident-once");
  await expect(day(page, 0)).toBeDisabled();
  await expect(day(page, 1)).toBeDisabled();
  await expect(day(page, 2)).toBeEnabled();
  await expect(page.getByText(`最近可申请的日期是 ${withWeekday(dayFromNow(2))}`)).toBeVisible();
});

test("withdrawing gives the day back", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await applyFor(page, 1);
  await page.getByText("撤回申请").click();
  await page.getByRole("button", { name: "确认撤回" }).click();
  await expect(state(page, "已撤回")).toBeVisible();
  await visit(page, "/apply/resident-once");
  await expect(day(page, 1)).toBeEnabled();
});

test("the reason is counted, and too long a one is told before it is sent", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await visit(page, "/apply/resident-once");
  const reason = page.getByLabel("申请原因");
  await reason.fill("证".repeat(150));
  await expect(page.getByText("150/150")).toBeVisible();
  await reason.fill("证".repeat(151));
  await expect(page.getByText("申请原因最多 150 个字。")).toBeVisible();
  await page.getByRole("button", { name: "提交" }).click();
  await expect(reason).toHaveValue("证".repeat(151));
  await reason.fill("");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("请填写申请原因。")).toBeVisible();
});

/** The next answer to an application gets lost: the server hears it, the page hears nothing. */
async function losingAnswer(page: Page): Promise<{ count: number }> {
  const lost = { count: 0 };
  await page.route(
    "**/api/v1/apply/submit",
    async (route) => {
      await route.fetch({ maxRedirects: 0 });
      lost.count += 1;
      await route.abort("connectionreset");
    },
    { times: 1 },
  );
  return lost;
}

/** How many applications for one entry somebody has made since a moment ago. */
const applications = (site: Site, phone: string) =>
  site.sql(`select count(*) from application join account
    on (account.site_id, account.account_id) = (application.site_id, applicant_id)
    where phone = '${phone}' and kind_key = 'resident-once' and application.created_at > now() - interval '5 minutes'`);

test("an answer that gets lost does not apply twice", async ({ pageOf, site }) => {
  const phone = residentWithQuota(site, "resident-once");
  const page = await pageOf(phone);
  await visit(page, "/apply/resident-once");
  await page.getByLabel("申请原因").fill("网络不好的那次");
  const lost = await losingAnswer(page);
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "网络不通" })).toBeVisible();
  expect(lost.count).toBe(1);
  await expect(page.getByLabel("申请原因")).toHaveValue("网络不好的那次");

  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "申请详情" })).toBeVisible();
  expect(applications(site, phone)).toBe("1");
});

test("a form that was changed after a lost answer is told to be sent already, and sent once more only where the quota allows", async ({
  pageOf,
  site,
}) => {
  const phone = residentWithQuota(site, "resident-once");
  const page = await pageOf(phone);
  const reason = page.getByLabel("申请原因");
  const send = () => page.getByRole("button", { name: "提交" }).click();
  const told = page.getByRole("alert").filter({ hasText: "这份表格已经提交成功过一次，内容是修改前的" });
  await visit(page, "/apply/resident-once");
  await reason.fill("买菜");
  await losingAnswer(page);
  await send();
  await expect(page.getByRole("alert").filter({ hasText: "网络不通" })).toBeVisible();

  await reason.fill("买菜和取药");
  await send();
  await expect(told.getByRole("link", { name: "查看已提交的申请" })).toHaveAttribute("href", /^\/applications\/[0-9a-f-]{36}$/);
  await expect(reason).toHaveValue("买菜和取药");
  expect(applications(site, phone)).toBe("1");

  // The same day once more: the quota says no.
  await send();
  await expect(told).toHaveCount(0);
  await expect(page.getByRole("alert").filter({ hasText: `最近可申请的日期是 ${withWeekday(dayFromNow(2))}` })).toBeVisible();
  await expect(reason).toHaveValue("买菜和取药");
  expect(applications(site, phone)).toBe("1");

  await day(page, 2).check();
  await send();
  await expect(page.getByRole("heading", { level: 1, name: "申请详情" })).toBeVisible();
  await expect(page.getByText("买菜和取药")).toBeVisible();
  expect(applications(site, phone)).toBe("2");
});

test("what was typed is there after a reload", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"));
  await visit(page, "/apply/resident-once");
  await day(page, 3).check();
  await page.getByLabel("申请原因").fill("写到一半");
  await visit(page, "/apply/resident-once");
  await expect(page.getByLabel("申请原因")).toHaveValue("写到一半");
  await expect(day(page, 3)).toBeChecked();
});

test("a session that has ended on the way loses nothing", async ({ pageOf, site }) => {
  const phone = residentWithQuota(site, "resident-once");
  const page = await pageOf(phone);
  await visit(page, "/apply/resident-once");
  await day(page, 2).check();
  await page.getByLabel("申请原因").fill("写了很久");
  site.sql(`delete from session using account where account.phone = '${phone}'
    and (account.site_id, account.account_id) = (session.site_id, session.account_id)`);
  // A minute has gone by since the code for this phone.
  site.sql(`delete from rate_window where key = '${phone}'`);
  await page.getByRole("button", { name: "提交" }).click();
  await page.getByRole("alert").getByRole("link", { name: "登录后回到本页" }).click();
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发送短信" }).click();
  await expect(page.getByText("短信已发送")).toBeVisible();
  await page.getByLabel("验证码").fill(await codeSentTo(page, phone));
  await page.getByRole("button", { name: "进入" }).click();
  await expect(page.getByLabel("申请原因")).toHaveValue("写了很久");
  await expect(day(page, 2)).toBeChecked();
});

test("a kind's own field is asked, told to the office, and shown again", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-urgent"));
  await visit(page, "/apply/resident-urgent");
  await page.getByLabel("去向（选填）").selectOption("医院");
  await page.getByLabel("申请原因").fill("复诊");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("申请已通过")).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: "医院" })).toBeVisible();
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const office = await pageOf("office", { size: "pc" });
  await visit(office, `/review/${id}`);
  await expect(office.getByRole("definition").filter({ hasText: "医院" })).toBeVisible();
  expect(site.sql(`select given ->> 'destination' from application where application_id = '${id}'`)).toBe("hospital");
});

test("one applies with the keyboard alone", async ({ pageOf, site }) => {
  const page = await pageOf(residentWithQuota(site, "resident-once"), { size: "pc" });
  await visit(page, "/apply");
  const kind = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "居民单次通行" }) });
  await tabTo(kind.getByRole("link", { name: "申请" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "填写申请" })).toBeVisible();
  await tabTo(day(page, 0));
  await page.keyboard.press("ArrowRight");
  await expect(day(page, 1)).toBeChecked();
  await tabTo(page.getByLabel("申请原因"));
  await page.keyboard.type("qu yaodian");
  await tabTo(page.getByRole("button", { name: "提交" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("已提交，等待审核。")).toBeVisible();
  await expect(state(page, "审核中")).toBeVisible();
});

test("a pass that needs nobody's approval is there at once, and its code opens with no network", async ({
  pageOf,
  site,
}) => {
  const page = await pageOf(residentWithQuota(site, "resident-urgent"));
  await visit(page, "/apply/resident-urgent");
  await page.getByLabel("申请原因").fill("牙痛就诊");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("申请已通过")).toBeVisible();
  await page.getByRole("link", { name: "我的通行码" }).click();
  const code = page.getByRole("img", { name: "通行码" });
  await expect(code).toBeVisible();
  expect(Number(await code.getAttribute("data-version"))).toBeLessThanOrEqual(10);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await page.reload();
  await expect(code).toBeVisible();
  await expect(page.getByText("当前没有网络，通行码照常可用。")).toBeVisible();
});
