// Every way through the preset hit.
import type { Step, Walk } from "../fixtures/walk.ts";
import { walkAll } from "../fixtures/walks.ts";

const head: Step = { at: "单位负责人审批", by: "head" };
const hostsHead: Step = { at: "对接单位负责人审批", by: "head" };
const security: Step = { at: "保卫处审批", by: "security" };
const reason = { label: "申请原因", told: "请填写申请原因" };
const away = "近 14 日内是否离开本市";

const householdPass: Walk = {
  kind: "household-pass",
  title: "住宅小区通行证",
  as: "resident",
  days: 90,
  forgets: { label: "户主姓名", told: "请填写。" },
  steps: [{ at: "物业管理部门审核", by: "office" }],
  gate: { asks: true, uses: "many" },
};
const householdTicket: Walk = {
  kind: "household-ticket",
  title: "住户出入票",
  as: "resident",
  asked: [{ label: "通行人姓名", types: "许念慈" }],
  forgets: { label: "通行人姓名", told: "请填写。" },
  steps: [],
  // The gate at which it is shown twice lets people in: the way in is used up.
  gate: { asks: true, uses: "once" },
};
const atHome: Walk = {
  kind: "staff-entry",
  title: "工作人员入校",
  way: "未离开本市",
  as: "staff",
  asked: [
    { label: "人员类别", chooses: "服务类人员" },
    { label: away, chooses: "否" },
  ],
  days: 30,
  forgets: { label: "人员类别", told: "请填写。" },
  steps: [head],
  gate: { asks: true, uses: "many" },
};
const beenAway: Walk = {
  ...atHome,
  way: "离开过本市",
  as: "contractor",
  asked: [
    { label: "人员类别", chooses: "防疫工作人员" },
    { label: away, chooses: "是" },
  ],
  forgets: { label: away, told: "请填写。" },
  steps: [{ ...head, by: "logistics" }, security],
};
const collaborator: Walk = {
  kind: "outside-collaborator",
  title: "科研外协人员入校",
  as: "staff",
  guest: "程远帆",
  asked: [
    { label: "所在单位", types: "滨江光学研究所" },
    { label: "项目或任务", types: "望远镜装调" },
    { label: "证件类型", chooses: "居民身份证" },
    { label: "来校人员证件", types: "11010519491231002X" },
  ],
  days: 30,
  forgets: { label: "来访人手机号", told: "此项必填。" },
  steps: [hostsHead, security],
  gate: { asks: true, uses: "many" },
};
const logistics: Walk = {
  kind: "logistics-staff",
  title: "后勤服务人员入校",
  as: "staff",
  guest: "罗安",
  asked: [
    { label: "所在单位", types: "后勤集团饮食中心" },
    { label: "证件类型", chooses: "护照" },
    { label: "来校人员证件", types: "E12345678" },
  ],
  slips: { label: "来校人员证件", types: "E1", told: "证件号码不正确" },
  days: 14,
  forgets: { label: "所在单位", told: "请填写。" },
  steps: [hostsHead, security],
  gate: { asks: true, uses: "many" },
};
const service: Walk = {
  kind: "service-contractor",
  title: "驻校服务人员入校",
  as: "staff",
  guest: "谢立",
  asked: [
    { label: "所在单位", types: "城东供热公司" },
    { label: "服务类别", chooses: "电力、供暖、燃气检测" },
    { label: "复工证明编号", types: "复工-2020-0217" },
    { label: "证件类型", chooses: "居民身份证" },
    { label: "来校人员证件", types: "11010519491231002X" },
  ],
  days: 7,
  forgets: { label: "服务类别", told: "请填写。" },
  steps: [hostsHead, security],
  gate: { asks: true, uses: "many" },
};
const laboratory: Walk = {
  kind: "laboratory-duty",
  title: "实验室上岗",
  way: "教职工",
  as: "staff",
  asked: [
    { label: "实验室（研究中心）", types: "嵌入式系统实验室" },
    { label: "项目或任务", types: "测温终端\n批量检定" },
    { label: "实验室负责人学工号", types: "07201004" },
  ],
  days: 14,
  forgets: { label: "实验室负责人学工号", told: "请填写。" },
  slips: { label: "实验室负责人学工号", types: "07299999", told: "没有找到这个学工号" },
  steps: [{ at: "实验室负责人同意", by: "college" }, head, security],
  gate: { asks: true, uses: "many" },
};
const laboratoryGraduate: Walk = {
  ...laboratory,
  way: "研究生",
  as: "graduate",
  asked: [
    { label: "实验室（研究中心）", types: "嵌入式系统实验室" },
    { label: "项目或任务", types: "测温终端固件" },
    { label: "实验室负责人学工号", types: "07201008" },
  ],
  forgets: reason,
  slips: undefined,
  steps: [{ at: "实验室负责人同意", by: "staff" }, head, security],
};

const walks = [
  householdPass,
  householdTicket,
  atHome,
  beenAway,
  collaborator,
  logistics,
  service,
  laboratory,
  laboratoryGraduate,
];
walkAll("hit", walks, {
  sentBack: [beenAway, 1],
  refused: [laboratory, 0],
  withdrawn: service,
  withdrawnLate: householdTicket,
  ended: [collaborator, "security"],
});
