import { freeHousehold, freshPhone } from "../fixtures/residents.ts";
import { expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

test("a household is claimed step by step, the office confirms it, and then one may apply", async ({ pageOf, site }) => {
  const { community, building, door, householder } = freeHousehold(site);
  const page = await pageOf(freshPhone());
  await visit(page, "/apply");
  await page.getByLabel("小区名称").selectOption(community);
  await page.getByLabel("楼栋号").selectOption(building);
  await page.getByLabel("门牌号").selectOption(door);
  await page.getByLabel("户主姓名").fill(householder);
  await page.getByRole("button", { name: "提交社区办确认" }).click();
  await expect(page.getByRole("heading", { name: "等待社区办确认" })).toBeVisible();
  await expect(page.getByRole("link", { name: "申请", exact: true })).toHaveCount(0);

  const office = await pageOf("office", { size: "pc" });
  await visit(office, "/review/households");
  const claim = office.getByRole("listitem").filter({ hasText: `${community} ${building} ${door}` });
  await claim.getByRole("button", { name: "确认绑定" }).click();
  await expect(claim).toHaveCount(0);

  await visit(page, "/apply");
  await expect(page.getByText(`${community} ${building} ${door}`)).toBeVisible();
  await expect(page.getByRole("link", { name: "申请", exact: true }).first()).toBeVisible();
});
