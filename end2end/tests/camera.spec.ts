import { GOOD, codeOf, enrol, enter, verdict } from "../fixtures/gate.ts";
import type { Sight } from "../fixtures/profile.ts";
import { type Page, expect, test } from "../fixtures/test.ts";

const help = (page: Page) => page.getByLabel("摄像头").getByRole("alert");

const BLIND: [sight: Sight, why: string, next: RegExp][] = [
  ["denied", "没有使用摄像头的权限。", /点地址栏左侧的图标 → 摄像头 → 允许.*然后按“重试”/],
  ["none", "没有找到摄像头。", /请接上摄像头后按“重试”，或使用扫码枪。/],
];
for (const [sight, why, next] of BLIND) {
  test.describe(`a tablet whose camera is: ${sight}`, () => {
    test.use({ sight });

    test("says so and what to press, and the field beside it judges all the same", async ({ tablet, pageOf, site }) => {
      const { page } = tablet;
      await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
      await expect(help(page)).toContainText(why);
      await expect(help(page)).toContainText(next);
      await enter(page, codeOf(site, GOOD).code);
      await expect(verdict(page)).toHaveAttribute("data-verdict", "admit");
      await expect(verdict(page)).toHaveCount(0);

      await page.context().grantPermissions(["camera"]);
      await page.getByRole("button", { name: "重试" }).click();
      if (sight === "none") await expect(help(page)).toContainText(why);
      else await expect(help(page)).toHaveCount(0);
    });
  });
}
