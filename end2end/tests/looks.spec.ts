import { looksRight } from "../fixtures/looks.ts";
import { PLACES } from "../fixtures/places.ts";
import { type Language, type Person, SIZES, test } from "../fixtures/test.ts";
import { answers } from "../fixtures/visit.ts";

// Dozens of pages in one test: a trace of all of them costs more than it tells.
test.use({ trace: "off" });

const languages: Language[] = ["zh", "en"];
const people = [...new Set(PLACES.map(({ person }) => person))];

for (const language of languages) {
  for (const person of people) {
    test(`the pages of ${person} fit and shut nobody out, ${language}`, async ({ pageOf, site }) => {
      test.slow();
      const page = await pageOf(person, { language });
      for (const { name, path } of PLACES.filter((place) => place.person === (person as Person))) {
        await page.setViewportSize(SIZES.phone);
        await page.goto(typeof path === "string" ? path : path(site));
        await answers(page);
        for (const [size, viewport] of Object.entries(SIZES)) {
          await page.setViewportSize(viewport);
          await looksRight(page, `${name}, ${size}`);
        }
      }
    });
  }
}
