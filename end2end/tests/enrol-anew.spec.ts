import { GOOD, codeOf, enrol, enrolmentCode, enter, typeCode, verdict } from "../fixtures/gate.ts";
import { type Page, type Site, expect, test } from "../fixtures/test.ts";

const EVENTS = "**/api/gate/v1/events";

/** Lets somebody in while nothing can be uploaded. */
async function admitUnsent(page: Page, site: Site): Promise<void> {
  await page.route(EVENTS, (route) => route.abort("connectionreset"));
  await enter(page, codeOf(site, GOOD).code);
  await expect(verdict(page)).toHaveAttribute("data-verdict", "admit");
}

/** How many admissions the server has of a tablet. */
const arrived = (site: Site, tablet: string) =>
  site.sql(`select count(*) from admission join tablet using (site_id, tablet_id) where site_id = 1 and tablet.name = '${tablet}'`);

test("what was not uploaded keeps a tablet from being enrolled anew; with a network it is uploaded first", async ({
  tablet,
  pageOf,
  site,
}) => {
  const admin = await pageOf("admin", { size: "pc" });
  const before = await enrol(tablet, admin, "A 区正门");
  const { page } = tablet;
  await admitUnsent(page, site);
  await typeCode(page, await enrolmentCode(admin, "A 区北门", "换岗"));
  await expect(page.getByRole("status").filter({ hasText: "1 条记录还没有上传" })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("本机还有 1 条记录没有上传，重新登记会丢失它们。");
  await expect(page.getByText("云岭大学 · A 区正门")).toBeVisible();
  await expect(page.getByRole("button", { name: "放弃这些记录，仍然登记" })).toBeVisible();
  expect(arrived(site, before)).toBe("0");

  await page.unroute(EVENTS);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByText("云岭大学 · A 区北门")).toBeVisible();
  expect(arrived(site, before)).toBe("1");
});

test("what cannot be uploaded is lost only at the guard's word", async ({ tablet, pageOf, site }) => {
  const admin = await pageOf("admin", { size: "pc" });
  const before = await enrol(tablet, admin, "A 区正门");
  const { page } = tablet;
  await admitUnsent(page, site);
  await typeCode(page, await enrolmentCode(admin, "A 区北门", "弃旧"));
  await page.getByRole("button", { name: "放弃这些记录，仍然登记" }).click();
  await expect(page.getByText("云岭大学 · A 区北门")).toBeVisible();
  await page.unroute(EVENTS);
  await page.getByRole("button", { name: "通行记录" }).click();
  await expect(page.getByText("本机的全部记录都已在服务器上。")).toBeVisible();
  expect(arrived(site, before)).toBe("0");
});

test("an answer that gets lost enrols one tablet, by the same code", async ({ tablet, pageOf, site }) => {
  const { page } = tablet;
  const code = await enrolmentCode(await pageOf("admin", { size: "pc" }), "A 区北门", "断线那台");
  await page.route(
    "**/api/gate/v1/enrol",
    async (route) => {
      // The server hears it; the page hears nothing.
      await route.fetch();
      await route.abort("connectionreset");
    },
    { times: 1 },
  );
  await typeCode(page, code);
  await expect(page.getByRole("alert")).toContainText("没有收到服务器的答复");
  await expect(page.getByLabel("登记码")).toHaveValue(code);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByText("云岭大学 · A 区北门")).toBeVisible();
  expect(site.sql("select count(*) from tablet where site_id = 1 and name = '断线那台'")).toBe("1");
});
