// Every way through the preset cqu.
import type { Step, Walk } from "../fixtures/walk.ts";
import { walkAll } from "../fixtures/walks.ts";

const office: Step = { at: "社区办审核", by: "office" };
const reason = { label: "申请原因", told: "请填写申请原因" };

const once: Walk = {
  kind: "resident-once",
  title: "居民单次通行",
  as: "resident",
  forgets: reason,
  steps: [office],
  gate: { asks: false, uses: "once" },
};
const many: Walk = {
  kind: "resident-many",
  title: "居民多次通行",
  as: "resident",
  days: 7,
  forgets: { label: "户主姓名", told: "请填写。" },
  steps: [office],
  gate: { asks: false, uses: "many" },
};
const staff: Walk = {
  kind: "work-staff",
  title: "工作通行证",
  as: "staff",
  days: 14,
  forgets: reason,
  steps: [{ at: "部门领导审核", by: "head" }],
  gate: { asks: true, uses: "many" },
};
const contractor: Walk = {
  ...staff,
  way: "校外用工人员",
  as: "contractor",
  days: 1,
  steps: [{ at: "部门领导审核", by: "logistics" }],
};
const student: Walk = {
  kind: "work-student",
  title: "学生工作通行证",
  way: "学工部",
  as: "student",
  days: 5,
  forgets: reason,
  steps: [
    { at: "学院管理人员审核", by: "college", to: "学工部同意", picks: "affairs" },
    { at: "学工部同意", by: "affairs" },
  ],
  gate: { asks: false, uses: "many" },
};
const graduate: Walk = {
  ...student,
  way: "研工部",
  as: "graduate",
  steps: [
    { at: "学院管理人员审核", by: "college", to: "研工部同意" },
    { at: "研工部同意", by: "gradaffairs" },
  ],
};
const vehicle: Walk = {
  kind: "official-vehicle",
  title: "公务车通行",
  as: "staff",
  asked: [
    { label: "车牌号", types: "渝A12345" },
    { label: "驾驶员", types: "贺远" },
  ],
  days: 7,
  forgets: { label: "驾驶员", told: "请填写。" },
  steps: [
    { at: "部门领导审核", by: "head" },
    { at: "保卫处审核", by: "security" },
  ],
  gate: { asks: true, uses: "many" },
};

walkAll("cqu", [once, many, staff, contractor, student, graduate, vehicle], {
  sentBack: [staff, 0],
  refused: [student, 1],
  withdrawn: many,
  withdrawnLate: vehicle,
  ended: [once, "office"],
});
