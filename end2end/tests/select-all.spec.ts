// All that fit the filters are decided at once, beyond the page that is shown.
import { expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

test("all matching are ticked beyond the page and refused with their progress", async ({ pageOf, site }) => {
  const waiting = () =>
    Number(site.sql(`select count(distinct application_id) from task join application using (site_id, application_id)
      where site_id = 1 and closed_at is null and inbox = 'office@site' and state = 'in_review'`));
  // More than a page of them: those that wait, once and twice again.
  site.sql(`
    insert into application
      select (jsonb_populate_record(null::application, to_jsonb(a) || jsonb_build_object('application_id', gen_random_uuid(), 'request_id', gen_random_uuid()))).*
      from application a, generate_series(1, 2)
      where site_id = 1 and state = 'in_review' and standing = 'household';
    insert into task
      select (jsonb_populate_record(null::task, to_jsonb(t) || jsonb_build_object('application_id', a.application_id, 'applicant_id', a.applicant_id,
        'kind_key', a.kind_key, 'community', a.community))).*
      from application a, lateral (select * from task where site_id = 1 and inbox = 'office@site' and closed_at is null limit 1) t
      where a.site_id = 1 and a.state = 'in_review' and a.standing = 'household'
        and not exists (select from task x where x.site_id = 1 and x.application_id = a.application_id)`);
  expect(waiting()).toBeGreaterThan(30);
  const office = await pageOf("office", { size: "pc" });
  await visit(office, "/review");
  await office.getByRole("checkbox", { name: "全选本页" }).check();
  const all = office.getByRole("button", { name: /^选择全部符合条件的 \d+ 条$/ });
  await all.click();
  await expect(office.getByRole("button", { name: "只选本页" })).toBeVisible();
  await office.getByLabel("意见").fill("本周不开放");
  await office.getByRole("button", { name: /^不同意 \(\d+\)$/ }).click();
  await expect(office.getByText(/^已处理 \d+ 项。$/)).toBeVisible();
  expect(waiting()).toBeLessThanOrEqual(1);
});
