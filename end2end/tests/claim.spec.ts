import { claim } from "../fixtures/household.ts";
import { freeHousehold, freshPhone } from "../fixtures/residents.ts";
import { expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

test("a household is claimed step by step, the office confirms it, and then one may apply", async ({ pageOf, site }) => {
  const household = freeHousehold(site);
  const address = `${household.community} ${household.building} ${household.door}`;
  const page = await pageOf(freshPhone());
  await claim(page, household);
  const kind = page.getByRole("listitem").filter({ hasText: "居民单次通行" });
  await expect(kind.getByRole("link", { name: "申请", exact: true })).toHaveCount(0);

  const office = await pageOf("office", { size: "pc" });
  await visit(office, "/review/households");
  const waiting = office.getByRole("listitem").filter({ hasText: address });
  await waiting.getByRole("button", { name: "确认绑定" }).click();
  await expect(waiting).toHaveCount(0);

  await visit(page, "/apply");
  await expect(page.getByText(address)).toBeVisible();
  await expect(kind.getByRole("link", { name: "申请", exact: true })).toBeVisible();
});
