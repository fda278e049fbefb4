import { join } from "node:path";
import { enrol } from "../fixtures/gate.ts";
import { root } from "../fixtures/site.ts";
import { stations } from "../fixtures/stations.ts";
import { SIZES, test } from "../fixtures/test.ts";

test.use({ trace: "off" });

test("a tablet's pages and verdicts", async ({ tablet, pageOf, site }) => {
  test.slow();
  const { page } = tablet;
  await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
  const all = await stations(page, site, pageOf);
  for (const language of ["zh", "en"]) {
    await page.context().addCookies([{ name: "lang", value: language, url: site.url }]);
    for (const { name, go } of all) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await go(page);
        await page.screenshot({ path: join(root, "var/screenshots", `${name}-${language}-${size}.png`) });
      }
    }
  }
});
