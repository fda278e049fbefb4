import { enrol } from "../fixtures/gate.ts";
import { looksRight } from "../fixtures/looks.ts";
import { STATIONS } from "../fixtures/stations.ts";
import { SIZES, test } from "../fixtures/test.ts";

for (const language of ["zh", "en"]) {
  test(`a tablet's pages and verdicts fit and shut nobody out, ${language}`, async ({ tablet, pageOf, site }) => {
    test.slow();
    const { page } = tablet;
    await enrol(tablet, await pageOf("admin", { size: "pc" }), "A 区正门");
    await page.context().addCookies([{ name: "lang", value: language, url: site.url }]);
    for (const station of STATIONS) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await station.go(page, site);
        await looksRight(page, `${station.name}, ${size}`);
      }
    }
  });
}
