import { altered, byAnotherKey, link, picture } from "../fixtures/code.ts";
import { GOOD, codeOf, codeOfAnotherSite, enrol, enter, kidOf, scan, verdict } from "../fixtures/gate.ts";
import { claim } from "../fixtures/household.ts";
import { signInPhone } from "../fixtures/people.ts";
import { freshPhone } from "../fixtures/residents.ts";
import { passForToday } from "../fixtures/stations.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

/** A pass that a resident got and the office ended: its code. */
async function revoked(pass: { id: string; code: string }, office: Page): Promise<string> {
  await visit(office, `/review/${pass.id}`);
  await office.getByText("终止通行证").click();
  await office.getByLabel("终止原因").fill("信息有误");
  await office.getByRole("button", { name: "确认终止" }).click();
  await expect(office.getByRole("article").locator("[data-state=terminated]").first()).toBeVisible();
  return pass.code;
}

test("every bad code is refused with its own reason, in both languages", async ({ tablet, pageOf, site }) => {
  test.slow();
  const ended = await revoked(await passForToday(site, pageOf), await pageOf("office", { size: "pc" }));
  const good = codeOf(site, GOOD).code;
  const forged = site.sql(`select encode(bytes, 'hex') from credential where site_id = 1 and ${GOOD} limit 1`);
  const bad: [code: string, zh: RegExp, en: RegExp][] = [
    [
      codeOf(site, "valid_until between now() - interval '2 days' and now() and revoked_at is null").code,
      /已于 \d{4}-\d\d-\d\d 00:00 过期。/,
      /Expired at \d{4}-\d\d-\d\d 00:00\./,
    ],
    [codeOfAnotherSite(), /其他单位（demo）的通行证/, /for another site \(demo\)/],
    [
      link("localhost", byAnotherKey(Buffer.from(forged, "hex"), kidOf(site))),
      /签发方未知，自称单位“yunling”/,
      /Signed by nobody this tablet knows/,
    ],
    [altered(good), /签名无效|二维码内容不完整或已损坏/, /signature is not valid|damaged or incomplete/],
    [ended, /通行证已被撤销/, /has been revoked/],
    ["https://example.com/menu", /这不是通行证二维码/, /not a pass/],
  ];

  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  const { page } = tablet;
  for (const [code, zh] of bad) {
    await enter(page, code);
    await expect(verdict(page)).toHaveAttribute("data-verdict", "refuse");
    await expect(verdict(page)).toContainText("禁止通行");
    await expect(verdict(page)).toContainText(zh);
    await page.getByRole("button", { name: "继续扫码" }).click();
    await expect(verdict(page)).toHaveCount(0);
  }
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByText("Hold the code before the camera")).toBeVisible();
  for (const [code, , en] of bad) {
    await enter(page, code);
    await expect(verdict(page)).toHaveAttribute("data-verdict", "refuse");
    await expect(verdict(page)).toContainText("STOP");
    await expect(verdict(page)).toContainText(en);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(verdict(page)).toHaveCount(0);
  }
  // The good one, of which one was a forgery, is good: the refusals were not for want of anything else.
  await scan(page, good);
  await expect(verdict(page)).toHaveAttribute("data-verdict", "admit");
});

test("a changed digit is refused by the camera too", async ({ tablet, pageOf, site }) => {
  const { code } = codeOf(site, GOOD);
  tablet.camera.shows([{ picture: picture(altered(code)), seconds: 2 }]);
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  await expect(verdict(tablet.page)).toHaveAttribute("data-verdict", "refuse");
  await expect(verdict(tablet.page)).toContainText(/签名无效|二维码内容不完整或已损坏/);
});

test("a pass that another site on the same server issued is refused as another site's", async ({
  browser,
  tablet,
  pageOf,
  site,
}) => {
  // The other site is the same server under another name. Its office binds the household, its rules issue the pass.
  const context = await browser.newContext({ baseURL: site.url.replace("localhost", "second.localhost") });
  const there = await context.newPage();
  await signInPhone(there, freshPhone());
  await visit(there, "/apply");
  await claim(there, { community: "海棠苑", building: "1栋", door: "101", householder: "许言" });
  site.sql("update household_claim set state = 'confirmed', decided_at = now() where site_id = 2");
  await visit(there, "/apply/resident-once");
  await there.getByRole("button", { name: "提交" }).click();
  await there.getByRole("link", { name: "我的通行码" }).click();
  const shown = there.getByRole("img", { name: "通行码" });
  await expect(shown).toBeVisible();
  tablet.camera.shows([{ picture: await shown.screenshot(), seconds: 2 }]);
  await context.close();

  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  await expect(verdict(tablet.page)).toHaveAttribute("data-verdict", "refuse");
  await expect(verdict(tablet.page)).toContainText("这是其他单位（haitang）的通行证。");
});
