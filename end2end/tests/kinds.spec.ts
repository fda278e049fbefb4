import { looksRight } from "../fixtures/looks.ts";
import { SIZES } from "../fixtures/sizes.ts";
import { type Page, expect, test } from "../fixtures/test.ts";
import { answers, visit } from "../fixtures/visit.ts";

const document = (key: string, days = 6) => `key = "${key}"
title = { zh = "试验通行证 ${key}", en = "Trial ${key}" }
summary = { zh = "只用于试验。", en = "For trials." }
applicant = ["contractor"]
uses = "once"
zones = "all"
document = "none"
window = { earliest_days = 0, latest_days = ${days}, longest_days = 1 }
reason = { required = false, max_chars = 50 }
gate = { confirm = false }

[[fields]]
key = "people"
kind = "number"
label = { zh = "试验人数", en = "People" }
hint = { zh = "不含本人", en = "Yourself not counted" }
min = 0
max = 5

[[steps]]
key = "office"
title = { zh = "试验审核", en = "Trial" }
seats = [{ role = "office" }]
when = { field = "people", at_least = 1 }
`;

const text = (page: Page) => page.getByLabel("文档（TOML）");

async function publish(page: Page, version: number): Promise<void> {
  await page.getByRole("button", { name: "发布…" }).click();
  await page.getByRole("button", { name: `确认发布第 ${version} 版` }).click();
  await expect(page.getByText(`第 ${version} 版已发布。`)).toBeVisible();
}

async function makeNew(page: Page, key: string): Promise<void> {
  await visit(page, "/admin/kinds/new");
  await text(page).fill(document(key));
  await publish(page, 1);
}

const card = (page: Page, key: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: `试验通行证 ${key}` }) });

test("a new kind is checked line by line, shown, published, and changed in the next version", async ({ pageOf, site }) => {
  const page = await pageOf("admin", { size: "pc" });
  await visit(page, "/admin/kinds/new");
  await text(page).fill(document("trial-one").replace('uses = "once"', 'uses = "twice"'));
  await page.getByRole("button", { name: "检查" }).click();
  await expect(page.getByText("“twice”不是可用的值")).toBeVisible();
  await page.getByRole("link", { name: "第 5 行" }).click();
  await expect(text(page)).toBeFocused();
  await page.keyboard.type('uses = "once"');
  await page.getByRole("button", { name: "检查" }).click();
  await expect(page.getByText("没有发现问题")).toBeVisible();
  await expect(page.getByText("仅当试验人数不少于 1")).toBeVisible();
  await publish(page, 1);

  await visit(page, "/admin/kinds/trial-one");
  await text(page).fill(document("trial-one", 9));
  await page.getByRole("button", { name: "发布…" }).click();
  await expect(page.getByRole("deletion").filter({ hasText: "latest_days = 6" })).toBeVisible();
  await expect(page.getByRole("insertion").filter({ hasText: "latest_days = 9" })).toBeVisible();
  await page.getByRole("button", { name: "确认发布第 2 版" }).click();
  await expect(page.getByText("第 2 版已发布。")).toBeVisible();
  expect(site.sql("select count(*) from pass_kind where key = 'trial-one'")).toBe("2");

  await page.getByRole("button", { name: "发布…" }).click();
  await expect(page.getByText("没有需要发布的修改")).toBeVisible();
  await visit(page, "/admin/kinds/trial-one/history");
  await expect(page.getByRole("region", { name: "第 2 版" }).getByRole("insertion")).toContainText("latest_days = 9");
});

test("what is typed survives a reload until it is dropped", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  await makeNew(page, "trial-kept");
  await visit(page, "/admin/kinds/trial-kept");
  const published = await text(page).inputValue();
  await text(page).fill(document("trial-kept", 20));
  await page.reload();
  await answers(page);
  await expect(text(page)).toHaveValue(document("trial-kept", 20));
  await page.getByRole("button", { name: "放弃，重新开始" }).click();
  await expect(text(page)).toHaveValue(published);
});

test("of two administrators the later one sees what the other changed, and loses nothing", async ({ pageOf, site }) => {
  const [one, two] = [await pageOf("admin", { size: "pc" }), await pageOf("admin", { size: "pc" })];
  await makeNew(one, "trial-two");
  for (const page of [one, two]) await visit(page, "/admin/kinds/trial-two");
  // The second has the page from before, and presses both buttons after the first has published.
  await text(two).fill(document("trial-two", 12));
  await two.getByRole("button", { name: "发布…" }).click();
  await expect(two.getByRole("button", { name: "确认发布第 2 版" })).toBeVisible();
  await text(one).fill(document("trial-two", 9));
  await publish(one, 2);
  await two.getByRole("button", { name: "确认发布第 2 版" }).click();
  await expect(two.getByText("您的修改没有发布，也没有丢失")).toBeVisible();
  await expect(two.getByRole("insertion")).toContainText("latest_days = 9");
  await expect(text(two)).toHaveValue(document("trial-two", 12));
  await two.getByRole("button", { name: "接着第 2 版发布我的修改…" }).click();
  await two.getByRole("button", { name: "确认发布第 3 版" }).click();
  await expect(two.getByText("第 3 版已发布。")).toBeVisible();
  expect(site.sql("select count(*) from pass_kind where key = 'trial-two'")).toBe("3");
});

test("a kind is retired and offered again, and its document is taken away", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  await makeNew(page, "trial-rest");
  await visit(page, "/admin/kinds");
  await card(page, "trial-rest").getByText("停止申请", { exact: true }).click();
  await card(page, "trial-rest").getByRole("button", { name: "确认停止" }).click();
  await expect(card(page, "trial-rest").getByText("已停止申请")).toBeVisible();
  await card(page, "trial-rest").getByText("恢复申请", { exact: true }).click();
  await card(page, "trial-rest").getByRole("button", { name: "确认恢复" }).click();
  await expect(card(page, "trial-rest").getByText("第 2 版")).toBeVisible();
  const file = page.waitForEvent("download");
  await card(page, "trial-rest").getByRole("link", { name: "下载 TOML" }).click();
  expect((await file).suggestedFilename()).toBe("trial-rest-2.toml");
});

test("a preset is a beginning", async ({ pageOf }) => {
  const page = await pageOf("admin", { size: "pc" });
  await visit(page, "/admin/kinds");
  await page.getByText("从预设新建").click();
  await page.getByRole("listitem").filter({ hasText: "hit/laboratory-duty.toml" }).getByRole("link").click();
  await expect(text(page)).toHaveValue(/key = "laboratory-duty"/);
});

for (const language of ["zh", "en"] as const) {
  test(`faults and what publishing changes fit and shut nobody out, ${language}`, async ({ pageOf }) => {
    const page = await pageOf("admin", { language });
    await visit(page, "/admin/kinds/resident-once");
    const box = page.locator("#document");
    const good = await box.inputValue();
    for (const typed of [good.replace("uses = \"once\"", "uses = \"twice\""), good.replace("latest_days = 6", "latest_days = 9")]) {
      await box.fill(typed);
      await page.getByRole("button", { name: language === "zh" ? "发布…" : "Publish…" }).click();
      await expect(page.locator(".kind-faults, .kind-publishing[data-asked]")).toBeVisible();
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await looksRight(page, `a kind's document, ${size}`);
      }
    }
  });
}
