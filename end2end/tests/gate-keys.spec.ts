import { GOOD, codeOf, enrol, enter, scan, verdict } from "../fixtures/gate.ts";
import { passForToday } from "../fixtures/stations.ts";
import { expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

/** A code that some scanner read: longer than any pass number, and no pass. */
const MENU = "https://example.com/menu";

test("F8 answers the question that the guard has seen: neither held down nor in its first moment", async ({
  tablet,
  pageOf,
  site,
}) => {
  const { code } = await passForToday(site, pageOf);
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  const { page } = tablet;
  await page.clock.install();
  await visit(page, "/gate");
  const asks = () => expect(verdict(page)).toHaveAttribute("data-verdict", "caution");

  // The clock stands still while the question appears, so that its first moment lasts.
  await page.clock.pauseAt(Date.now() + 60_000);
  await enter(page, code);
  await asks();
  await expect(verdict(page).locator("[data-answer=admit]")).toBeDisabled();
  await page.keyboard.press("F8");
  await page.clock.runFor(399);
  await page.keyboard.down("F8");
  await asks();

  // And it is not let go: what repeats is no answer.
  await page.clock.runFor(10_000);
  await page.keyboard.down("F8");
  await page.clock.runFor(1_000);
  await asks();
  await page.keyboard.up("F8");

  await page.keyboard.press("F8");
  await expect(verdict(page)).toHaveAttribute("data-verdict", "admit");
});

test("a scanner that ends with Tab is heard in the field too, and a person's Tab only leaves it", async ({
  tablet,
  pageOf,
  site,
}) => {
  const { number } = codeOf(site, GOOD);
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  const { page } = tablet;
  const field = page.getByLabel("扫码枪");
  await field.focus();
  await page.keyboard.type(MENU);
  await page.keyboard.press("Tab");
  await expect(verdict(page)).toContainText("这不是通行证二维码。");
  await expect(field).toHaveValue("");
  await expect(field).toBeFocused();

  await field.fill(number);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "查询" })).toBeFocused();
  await expect(field).toHaveValue(number);
});

test("a number that a person types stays while they think, what a scanner left half-way goes", async ({
  tablet,
  pageOf,
  site,
}) => {
  const { number } = codeOf(site, GOOD);
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  const { page } = tablet;
  await page.clock.install();
  await visit(page, "/gate");
  const field = page.getByLabel("扫码枪");
  await expect(field).toBeVisible();
  await page.keyboard.type(MENU);
  await expect(field).toHaveValue(MENU);
  await page.clock.fastForward(10_000);
  await expect(field).toHaveValue("");
  // Nor does it join the next line.
  await scan(page, number);
  await expect(verdict(page)).toContainText("仅凭号码不能放行");

  // The same number, this time typed into the field.
  await field.fill(number);
  await page.clock.fastForward(10_000);
  await expect(field).toHaveValue(number);
  await field.press("Enter");
  await expect(verdict(page)).toHaveAttribute("data-verdict", "caution");
  await expect(verdict(page)).toContainText(number);
});
