import { join } from "node:path";
import { PLACES } from "../fixtures/places.ts";
import { root } from "../fixtures/site.ts";
import { type Language, SIZES, test } from "../fixtures/test.ts";
import { answers } from "../fixtures/visit.ts";

test.use({ trace: "off" });

const languages: Language[] = ["zh", "en"];

for (const { name, person, path } of PLACES) {
  test(name, async ({ pageOf, site }) => {
    for (const language of languages) {
      const page = await pageOf(person, { language });
      await page.goto(typeof path === "string" ? path : path(site));
      await answers(page);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        const file = join(root, "var/screenshots", `${name}-${language}-${size}.png`);
        await page.screenshot({ path: file, fullPage: true, animations: "disabled" });
      }
    }
  });
}
