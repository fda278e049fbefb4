import { Build, NEXT, NEXT_OFFLINE, PRESENT } from "../fixtures/build.ts";
import { GOOD, codeOf, enrol, enter, verdict } from "../fixtures/gate.ts";
import { built } from "../fixtures/site.ts";
import { type Page, type Site, expect, test } from "../fixtures/test.ts";
import { answers, visit } from "../fixtures/visit.ts";

const update = (page: Page) => page.getByRole("button", { name: "更新" });

/** Serves a next build until the test is over. */
async function comes(site: Site, build: Build, use: () => Promise<void>): Promise<void> {
  try {
    await site.serves(build.folder);
    await use();
  } finally {
    await site.serves(built);
    build.end();
  }
}

/** The page looks for a newer version, as it does every hour, and this is what becomes of it. */
async function looksForOne(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const found = registration.installing;
    while (found?.state === "installing") await new Promise((resolve) => (found.onstatechange = resolve));
    return (found ?? registration.waiting)?.state ?? "none";
  });
}

/** Counts how often a page is loaded from now on. */
function loads(page: Page): { count: number } {
  const loads = { count: 0 };
  page.on("load", () => (loads.count += 1));
  return loads;
}

test("at the gate a newer version waits for consent, and the queue goes on meanwhile", async ({ tablet, pageOf, site }) => {
  const { code } = codeOf(site, GOOD);
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  const { page } = tablet;
  const loaded = loads(page);
  const admits = async () => {
    await enter(page, code);
    await expect(verdict(page)).toHaveAttribute("data-verdict", "admit");
    await expect(verdict(page)).toHaveCount(0);
  };
  await comes(site, Build.next(), async () => {
    expect(await looksForOne(page)).toBe("installed");
    await expect(update(page)).toBeVisible();
    expect(loaded.count).toBe(0);
    // Nor does opening the page again agree to anything.
    await page.reload();
    await expect(page.locator("body")).toHaveAttribute("data-build", PRESENT);
    await expect(update(page)).toBeVisible();
    await admits();
    expect(loaded.count).toBe(1);

    await update(page).click();
    await expect(page.locator("body")).toHaveAttribute("data-build", NEXT);
    await answers(page);
    expect(loaded.count).toBe(2);
    await expect(update(page)).toHaveCount(0);
    await admits();
    await tablet.online(false);
    await visit(page, "/gate/log");
    await expect(page.locator("body")).toHaveAttribute("data-build", NEXT);
    await expect(page.getByRole("listitem").filter({ hasText: "放行" })).toHaveCount(2);
  });
});

test("a page with something typed into it is left alone until it agrees", async ({ page, context, site }) => {
  await visit(page, "/");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await visit(page, "/sign-in");
  const other = await context.newPage();
  await visit(other, "/sign-in");
  for (const each of [page, other]) await each.getByLabel("手机号").fill("13800138999");
  const [loaded, loadedToo] = [loads(page), loads(other)];
  await comes(site, Build.next(), async () => {
    await looksForOne(page);
    for (const each of [page, other]) {
      await expect(each.getByRole("status").filter({ hasText: "有新版本" })).toBeVisible();
      await expect(each.getByLabel("手机号")).toHaveValue("13800138999");
    }
    await update(page).click();
    await expect(page.getByLabel("手机号")).toHaveValue("");
    await answers(page);
    await expect(update(page)).toHaveCount(0);
    expect(loaded.count).toBe(1);
    // The other tab did not agree: it stays as it is until it does, and then it is loaded too.
    await expect(other.getByLabel("手机号")).toHaveValue("13800138999");
    expect(loadedToo.count).toBe(0);
    await update(other).click();
    await expect(other.getByLabel("手机号")).toHaveValue("");
    await answers(other);

    await context.setOffline(true);
    await page.goto("/applications");
    await expect(page.getByRole("heading", { level: 1, name: NEXT_OFFLINE })).toBeVisible();
    await context.setOffline(false);
  });
});

test("a version whose shells are of another build is not kept, and the old one goes on", async ({ page, context, site }) => {
  await visit(page, "/gate/enrol");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await comes(site, Build.next({ shellsOf: PRESENT }), async () => {
    expect(await looksForOne(page)).toBe("redundant");
    await expect(update(page)).toHaveCount(0);
    await context.setOffline(true);
    await visit(page, "/gate/enrol");
    await expect(page.locator("body")).toHaveAttribute("data-build", PRESENT);
    await page.goto("/applications");
    await expect(page.getByRole("heading", { level: 1, name: "没有网络", exact: true })).toBeVisible();
    await context.setOffline(false);
  });
});
