// Every way through the preset everyday.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daysToWeekend } from "../fixtures/calendar.ts";
import { test } from "../fixtures/post.ts";
import { root } from "../fixtures/site.ts";
import type { Walk } from "../fixtures/walk.ts";
import { walkAll } from "../fixtures/walks.ts";

const reason = { label: "申请原因", told: "请填写申请原因" };

const visitor: Walk = {
  kind: "visitor",
  title: "访客预约",
  as: "visitor",
  host: "staff",
  slots: true,
  asked: [
    { label: "姓名", types: "骆远征" },
    { label: "车牌号（选填）", types: "渝B23456" },
  ],
  forgets: { label: "接待人姓名", told: "此项必填。" },
  slips: { label: "接待人姓名", types: "不是此人", told: "没有找到这位接待人", at: "接待人工号" },
  steps: [{ at: "接待人确认", by: "staff" }],
  gate: { asks: true, uses: "many" },
};
const parents: Walk = {
  kind: "parents-day",
  title: "家长开放日",
  way: "本科生",
  as: "student",
  guest: "韩春晓",
  begins: daysToWeekend,
  days: 1,
  forgets: { label: "来访人姓名", told: "请填写。" },
  steps: [],
  gate: { asks: false, uses: "many" },
};
const parentsOfGraduate: Walk = { ...parents, way: "研究生", as: "graduate", guest: "于静姝" };
const openDay: Walk = { ...parents, kind: "open-day", title: "校园开放日", begins: undefined };
const month: Walk = {
  kind: "semester-contractor",
  title: "长期外来务工",
  way: "30 天",
  as: "staff",
  guest: "吴川",
  asked: [
    { label: "所在公司", types: "绿地园林公司" },
    { label: "证件类型", chooses: "居民身份证" },
    { label: "务工人员证件", types: "11010519491231002X" },
  ],
  days: 30,
  forgets: { label: "所在公司", told: "请填写。" },
  steps: [{ at: "用工单位审核", by: "head" }],
  gate: { asks: false, uses: "many" },
};
const longer: Walk = {
  ...month,
  way: "31 天",
  days: 31,
  forgets: reason,
  steps: [...month.steps, { at: "保卫处备案", by: "security" }],
};
const vehicle: Walk = {
  kind: "official-vehicle",
  title: "公务车通行",
  as: "staff",
  asked: [
    { label: "车牌号", types: "渝A67890" },
    { label: "驾驶员", types: "罗川" },
  ],
  days: 3,
  forgets: { label: "车牌号", told: "请填写。" },
  slips: { label: "车牌号", types: "不是车牌", told: "车牌号格式不正确" },
  steps: [
    { at: "部门领导审核", by: "head" },
    { at: "保卫处审核", by: "security" },
  ],
  gate: { asks: true, uses: "many" },
};

// Parents' day is at weekends. The same document without its weekdays opens a gate whenever the tests run; without its quota, as often as
// they want.
test.beforeAll(({ site }, info) => {
  const document = readFileSync(join(root, "app/kinds/everyday/parents-day.toml"), "utf8")
    .replace('key = "parents-day"', 'key = "open-day"')
    .replace("家长开放日", openDay.title)
    .replace(/, weekdays = \[[^\]]*\]/, "")
    .replace(/^quota = .*\n/m, "");
  const folder = info.outputPath("kinds");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "open-day.toml"), document);
  site.run("kinds", "publish", "--site", "yunling", folder);
});

walkAll("everyday", [visitor, parents, month, longer, parentsOfGraduate, openDay, vehicle], {
  sentBack: [visitor, 0],
  refused: [vehicle, 1],
  withdrawn: longer,
  withdrawnLate: month,
  ended: [visitor, "security"],
});
