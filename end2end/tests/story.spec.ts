import { addCheckpoint, enrol, verdict } from "../fixtures/gate.ts";
import { signInPhone } from "../fixtures/people.ts";
import { residentWithQuota } from "../fixtures/residents.ts";
import { expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

test("a resident applies, the office approves, the gate admits once with no network, and the server learns of it once", async ({
  pageOf,
  phone,
  tablet,
  site,
}) => {
  test.slow();
  // The resident, on a phone.
  await signInPhone(phone.page, residentWithQuota(site, "resident-once"));
  await visit(phone.page, "/apply/resident-once");
  await phone.page.getByLabel("申请原因").fill("买菜");
  await phone.page.getByRole("button", { name: "提交" }).click();
  await expect(phone.page.getByText("已提交，等待审核。")).toBeVisible();
  const id = new URL(phone.page.url()).pathname.split("/").at(-1);

  // The office, at a desk.
  const office = await pageOf("office", { size: "pc" });
  await visit(office, `/review/${id}`);
  await office.getByRole("button", { name: "同意", exact: true }).click();
  await expect(office.getByRole("article").locator("[data-state=completed]").first()).toBeVisible();

  // The phone shows the code; a picture of its screen is what the tablet's camera will see.
  await visit(phone.page, `/applications/${id}`);
  await phone.page.getByRole("link", { name: "我的通行码" }).click();
  const code = () => phone.page.getByRole("img", { name: "通行码" });
  await expect(code()).toBeVisible();
  await phone.page.evaluate(() => navigator.serviceWorker.ready);
  const pass = phone.page.url();
  // So it does on the way to the gate, switched off and on again where there is no network. Chromium puts what a page keeps on the
  // disk five seconds after it was written: a phone that loses power before that has to open the code once more.
  await phone.page.waitForTimeout(6000);
  await phone.stop();
  await phone.start({ offline: true });
  await visit(phone.page, pass);
  await expect(code()).toBeVisible();
  const shown = await code().screenshot();
  const number = site.sql(`select pass_number from application where application_id = '${id}'`);

  // The administrator sets up a gate, the tablet enrols, and loses the network.
  const admin = await pageOf("admin", { size: "pc" });
  await addCheckpoint(admin, "西门", "West Gate");
  await enrol(tablet, admin, "西门");
  await tablet.online(false);

  // Once is enough, and twice is too much: the code comes into the camera's view again and again.
  const view = [{ picture: shown, seconds: 1 }, { seconds: 4 }];
  tablet.camera.shows(view);
  await visit(tablet.page, "/gate");
  const told = verdict(tablet.page);
  await expect(told).toHaveAttribute("data-verdict", "admit");
  await expect(told).toContainText("放行");
  await expect(told).toContainText("验证通过");
  await expect(told).toContainText("居民单次通行");
  await expect(told).toContainText(number);
  await expect(told).toContainText(/.\*/);
  await expect(told).toHaveAttribute("data-verdict", "refuse");
  await expect(told).toContainText(/单次通行证，已于 \d{4}-\d\d-\d\d \d\d:\d\d 在西门使用。/);

  // The log and the refusal outlive a reload and a restart of the browser, still with no network.
  const admitted = () => tablet.page.getByRole("listitem").filter({ hasText: `№ ${number}` }).filter({ hasText: "放行" });
  for (const again of [() => tablet.page.reload(), () => tablet.stop().then(() => tablet.start({ offline: true }))]) {
    await again();
    await visit(tablet.page, "/gate");
    await expect(verdict(tablet.page)).toHaveAttribute("data-verdict", "refuse");
    await expect(verdict(tablet.page)).toContainText("在西门使用");
    await visit(tablet.page, "/gate/log");
    await expect(admitted()).toHaveCount(1);
  }
  const events = (what: string) =>
    site.sql(`select count(*) from admission where site_id = 1 and pass_number = ${number} and what = '${what}'`);
  expect(events("admitted")).toBe("0");

  // The network is back: everything arrives, each thing once.
  await tablet.online(true);
  await expect(tablet.page.getByText("本机的全部记录都已在服务器上。")).toBeVisible();
  expect(events("admitted")).toBe("1");
  expect(Number(events("refused"))).toBeGreaterThanOrEqual(3);
  await visit(admin, `/admin/admissions?number=${number}`);
  const row = admin.getByRole("row").filter({ hasText: "西门" }).filter({ hasText: "放行" });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("居民单次通行");

  // And the holder sees that it was used.
  await phone.online(true);
  await visit(phone.page, `/applications/${id}`);
  await expect(phone.page.getByText("首次使用")).toBeVisible();
});
