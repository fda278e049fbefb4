import { enrol } from "../fixtures/gate.ts";
import { looksRight } from "../fixtures/looks.ts";
import { stations } from "../fixtures/stations.ts";
import { SIZES, test } from "../fixtures/test.ts";

for (const language of ["zh", "en"]) {
  test(`a tablet's pages and verdicts fit and shut nobody out, ${language}`, async ({ tablet, pageOf, site }) => {
    test.slow();
    const { page } = tablet;
    await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
    const all = await stations(page, site, pageOf);
    await page.context().addCookies([{ name: "lang", value: language, url: site.url }]);
    for (const station of all) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await station.go(page);
        await looksRight(page, `${station.name}, ${size}`);
      }
    }
  });
}
