// Slots of the day: a visitor books one, the host confirms, the visitor moves it; on a phone and on a PC.
import { dayFromNow, withWeekday } from "../fixtures/calendar.ts";
import { addCheckpoint, admit, codeOf, enrol, enter, verdict } from "../fixtures/gate.ts";
import { freshPhone } from "../fixtures/residents.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

const day = (page: Page, days: number) => page.getByRole("radio", { name: withWeekday(dayFromNow(days)) });
const slots = (page: Page) => page.getByRole("group", { name: "时段" }).getByRole("radio");

for (const size of ["phone", "pc"] as const) {
  test(`a visitor books a slot and moves it, on a ${size}`, async ({ pageOf, tablet, site }) => {
    test.slow();
    // Round the clock, so that there is a slot now, whenever this runs.
    site.sql(`update pass_kind set definition = jsonb_set(definition, '{slots}',
      '{"minutes": 240, "from": "00:00", "until": "24:00", "movable_until_hours": 0}') where key = 'visitor' and site_id = 1`);
    const [number, name] = site
      .sql(`select number, display_name from person join account using (site_id, account_id) where login = 'staff' and site_id = 1`)
      .split("|");
    const visitor = await pageOf(freshPhone(), { size });
    await visit(visitor, "/apply/visitor");
    await day(visitor, 1).check();
    await expect(slots(visitor)).toHaveCount(6);
    await visitor.getByRole("textbox", { name: "姓名", exact: true }).fill("顾远行");
    await visitor.getByLabel("接待人工号").fill(number);
    await visitor.getByLabel("接待人姓名").fill(name);
    await visitor.getByLabel("申请原因").fill("参观");
    await visitor.getByRole("button", { name: "提交" }).click();
    await expect(visitor.getByText("请选择时段。")).toBeVisible();
    await visitor.getByRole("radio", { name: "08:00–12:00" }).check();
    await visitor.getByRole("button", { name: "提交" }).click();
    await expect(visitor.getByText("已提交，等待审核。")).toBeVisible();
    const id = new URL(visitor.url()).pathname.split("/").at(-1) ?? "";

    const host = await pageOf("staff");
    await visit(host, `/review/${id}`);
    await expect(host.getByText("08:00–12:00")).toBeVisible();
    await host.getByRole("button", { name: "同意", exact: true }).click();
    await expect(host.getByRole("link", { name: "看下一条" })).toBeVisible();

    await visit(visitor, `/applications/${id}`);
    const old = codeOf(site, `application_id = '${id}'`);
    await visitor.getByRole("link", { name: "改约", exact: true }).click();
    await day(visitor, 0).check();
    // Those that are over are not shown, so the first is the one that runs.
    await slots(visitor).first().check();
    await visitor.getByRole("button", { name: "确认改约" }).click();
    await expect(visitor.getByText("已改约。")).toBeVisible();
    await expect(visitor.getByRole("listitem").filter({ hasText: "改约" })).toContainText("08:00–12:00 →");
    const fresh = codeOf(site, `application_id = '${id}'`);
    expect(fresh.number).not.toBe(old.number);
    await visit(visitor, `/passes/${old.number}`);
    await expect(visitor.getByRole("main")).toHaveAttribute("data-standing", "revoked");

    const admin = await pageOf("admin", { size: "pc" });
    await addCheckpoint(admin, `访客门-${size}`, `Visitors ${size}`);
    await enrol(tablet, admin, `访客门-${size}`);
    await visit(tablet.page, "/gate");
    await enter(tablet.page, old.code);
    await expect(verdict(tablet.page)).toHaveAttribute("data-verdict", "refuse");
    await enter(tablet.page, old.number);
    await expect(verdict(tablet.page)).toContainText("通行证已被撤销");
    await admit(tablet.page, fresh.code);

    // Used, it is moved no more.
    await visit(visitor, `/applications/${id}`);
    await expect(visitor.getByRole("link", { name: "我的通行码" })).toBeVisible();
  });
}

test("a slot that is full can be seen and not chosen", async ({ pageOf, site }) => {
  site.sql(`update pass_kind set definition = jsonb_set(definition, '{slots}',
    '{"minutes": 240, "from": "00:00", "until": "24:00", "movable_until_hours": 0, "places": 1}') where key = 'visitor' and site_id = 1`);
  const [number, name] = site
    .sql(`select number, display_name from person join account using (site_id, account_id) where login = 'staff' and site_id = 1`)
    .split("|");
  const first = await pageOf(freshPhone());
  await visit(first, "/apply/visitor");
  await day(first, 3).check();
  await first.getByRole("radio", { name: "12:00–16:00" }).check();
  await first.getByRole("textbox", { name: "姓名", exact: true }).fill("顾远行");
  await first.getByLabel("接待人工号").fill(number);
  await first.getByLabel("接待人姓名").fill(name);
  await first.getByLabel("申请原因").fill("参观");
  await first.getByRole("button", { name: "提交" }).click();
  await expect(first.getByText("已提交，等待审核。")).toBeVisible();
  const second = await pageOf(freshPhone(), { size: "pc" });
  await visit(second, "/apply/visitor");
  await day(second, 3).check();
  await expect(second.getByRole("radio", { name: "12:00–16:00，已满" })).toBeDisabled();
  await day(second, 4).check();
  await expect(second.getByRole("radio", { name: "12:00–16:00" })).toBeEnabled();
});
