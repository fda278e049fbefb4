// A pass for one entry and one exit, and what the guard is to check before the gate opens.
import { addCheckpoint, admit, codeOf, enrol, enter, verdict } from "../fixtures/gate.ts";
import { type Page, type Person, type Site, expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

const document = (key: string) => `key = "${key}"
title = { zh = "出入票 ${key}", en = "Ticket ${key}" }
summary = { zh = "进、出各一次。", en = "For one entry and one exit." }
applicant = ["staff"]
uses = "pair"
zones = "all"
document = "work_card"
window = { earliest_days = 0, latest_days = 6, longest_days = 1 }
reason = { required = false, max_chars = 50 }
gate = { confirm = true, checks = ["temperature", "registration"] }
`;

/** Publishes a kind for a pair, and has a pass of it for today. */
async function pair(site: Site, pageOf: (person: Person) => Promise<Page>, key: string): Promise<{ number: string; code: string }> {
  const admin = await pageOf("admin");
  await visit(admin, "/admin/kinds/new");
  await admin.getByLabel("文档（TOML）").fill(document(key));
  await admin.getByRole("button", { name: "发布…" }).click();
  await admin.getByRole("button", { name: "确认发布第 1 版" }).click();
  await expect(admin.getByText("第 1 版已发布。")).toBeVisible();
  const staff = await pageOf("staff");
  await visit(staff, `/apply/${key}`);
  await staff.getByRole("button", { name: "提交" }).click();
  await expect(staff.getByText("申请已通过")).toBeVisible();
  const id = new URL(staff.url()).pathname.split("/").at(-1) ?? "";
  return codeOf(site, `application_id = '${id}'`);
}

for (const [key, way, gate, used, left] of [
  ["pair-in", "进", "试验入口", "入校", "出校"],
  ["pair-out", "出", "试验出口", "出校", "入校"],
] as const) {
  test(`of a pair the ${key} gate takes one half, and says which is left`, async ({ tablet, pageOf, site }) => {
    const { code } = await pair(site, pageOf, key);
    const admin = await pageOf("admin", { size: "pc" });
    await addCheckpoint(admin, gate, `Trial ${key}`, way);
    await enrol(tablet, admin, gate);
    const { page } = tablet;
    await admit(page, code);
    await expect(verdict(page)).toContainText(`出入各一次：本次记为${used}。`);
    await enter(page, code);
    await expect(verdict(page)).toHaveAttribute("data-verdict", "refuse");
    await expect(verdict(page)).toContainText(new RegExp(`${used}已于 \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d 在${gate}使用，${left}还可用一次。`));
  });
}

test("what the guard is to check is listed, and what was confirmed is with the admission", async ({ tablet, pageOf, site }) => {
  const { number, code } = await pair(site, pageOf, "pair-checks");
  const admin = await pageOf("admin", { size: "pc" });
  await enrol(tablet, admin, "A 区正门");
  const { page } = tablet;
  await enter(page, code);
  await expect(verdict(page)).toHaveAttribute("data-verdict", "caution");
  await expect(verdict(page).getByRole("listitem")).toContainText(["查验证件：工作证", "测温正常", "已登记"]);
  // An answer in the first moment is taken for a slip, so this one looks first.
  await page.waitForTimeout(500);
  await page.keyboard.press("F8");
  await expect(verdict(page)).toHaveAttribute("data-verdict", "admit");

  await expect(async () => {
    await visit(admin, `/admin/admissions?number=${number}`);
    await expect(admin.getByText("已核对：证件、测温、登记")).toBeVisible({ timeout: 1_000 });
  }).toPass();
});
