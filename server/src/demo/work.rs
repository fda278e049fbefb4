//! Work passes of the invented university: what its staff and students asked for these days, as far as their offices came with it.

use super::{Failure, Making};
use jiff::{SignedDuration, ToSpan};
use pass::flow::Next;
use pass::kind::Standing;
use pass::person::PersonKind;
use pass::{KindKey, Request};
use store::AccountId;
use store::application::{Applying, Overview};
use store::decision::Verdict;

/// What one approver did.
struct Act {
    /// Whose number decides.
    by: &'static str,
    does: Does,
    opinion: Option<&'static str>,
}

#[derive(Clone, Copy)]
enum Does {
    Agree,
    /// Sends it on to this step.
    To(&'static str),
    Refuse,
    SendBack,
}

/// One application.
struct Wanted {
    /// Whose number applies.
    who: &'static str,
    kind: &'static str,
    reason: &'static str,
    /// How many hours ago it was handed in.
    hours_ago: i64,
    /// How many days it was for, from the day it was handed in.
    days: i64,
    acts: &'static [Act],
}

const fn act(by: &'static str, does: Does, opinion: Option<&'static str>) -> Act {
    Act { by, does, opinion }
}

const HEAD: &str = "07201001";
const DEPUTY: &str = "07201002";
const COLLEGE: &str = "07201004";
const STUDENT_AFFAIRS: &str = "07102003";
const POSTGRADUATE_AFFAIRS: &str = "07103003";

const fn wanted(
    who: &'static str,
    kind: &'static str,
    reason: &'static str,
    hours_ago: i64,
    days: i64,
    acts: &'static [Act],
) -> Wanted {
    Wanted {
        who,
        kind,
        reason,
        hours_ago,
        days,
        acts,
    }
}

/// In the order in which they were handed in.
const WANTED: &[Wanted] = &[
    wanted(
        "07201008",
        "work-staff",
        "机房值班",
        75,
        7,
        &[act(HEAD, Does::Agree, Some("同意，注意防护"))],
    ),
    wanted(
        "07201009",
        "work-staff",
        "实验室设备检修",
        71,
        5,
        &[act(HEAD, Does::Agree, None)],
    ),
    wanted(
        "07201010",
        "work-staff",
        "取材料",
        69,
        3,
        &[act(DEPUTY, Does::Refuse, Some("可委托同事代办"))],
    ),
    wanted(
        "07201011",
        "work-staff",
        "上班",
        50,
        5,
        &[act(HEAD, Does::SendBack, Some("请写明工作内容"))],
    ),
    wanted(
        "2024201003",
        "work-student",
        "协助实验室搬迁",
        49,
        4,
        &[
            act(COLLEGE, Does::To("student-affairs"), Some("情况属实")),
            act(STUDENT_AFFAIRS, Does::Agree, None),
        ],
    ),
    wanted(
        "S2025201002",
        "work-student",
        "课题实验",
        47,
        7,
        &[
            act(COLLEGE, Does::To("graduate-affairs"), None),
            act(POSTGRADUATE_AFFAIRS, Does::Agree, Some("同意")),
        ],
    ),
    wanted(
        "2024201001",
        "work-student",
        "学生会值班",
        27,
        5,
        &[act(
            COLLEGE,
            Does::To("student-affairs"),
            Some("同意，请学工部审核"),
        )],
    ),
    wanted(
        "2024201004",
        "work-student",
        "图书馆勤工助学",
        26,
        7,
        &[act(COLLEGE, Does::To("student-affairs"), None)],
    ),
    wanted(
        "S2025201004",
        "work-student",
        "服务器维护",
        25,
        7,
        &[act(COLLEGE, Does::To("graduate-affairs"), None)],
    ),
    wanted("07201007", "work-staff", "线上教学录课", 20, 5, &[]),
    wanted("07201012", "work-staff", "科研项目中期检查", 15, 3, &[]),
    wanted("2024201005", "work-student", "辅导员助理值班", 9, 5, &[]),
    wanted("2024201006", "work-student", "取学习资料", 6, 1, &[]),
    wanted("S2025201005", "work-student", "实验样本处理", 4, 7, &[]),
    wanted("07201009", "work-staff", "服务器机房巡检", 3, 7, &[]),
];

impl Making<'_> {
    /// What staff and students asked for, once.
    pub(crate) async fn work(&self) -> Result<(), Failure> {
        let kinds = PersonKind::ALL.map(Standing::Person);
        let which = Overview {
            standings: &kinds,
            ..Overview::default()
        };
        let there = store::application::overview(self.pool(), self.id(), &which, None, 1).await?;
        if !there.rows.is_empty() {
            return Ok(());
        }
        for wanted in WANTED {
            self.ask(wanted).await?;
        }
        Ok(())
    }

    async fn ask(&self, wanted: &Wanted) -> Result<(), Failure> {
        // Somebody may be gone from the register by the time an interrupted demonstration is completed.
        let Some(applicant) = self.account(wanted.who).await? else {
            return Ok(());
        };
        let key: KindKey = wanted.kind.parse()?;
        let kind = store::pass_kind::newest(self.pool(), self.id(), &key)
            .await?
            .ok_or("a kind of the demonstration is not published")?;
        let name = store::account::get(self.pool(), self.id(), applicant)
            .await?
            .ok_or("an account of the register is not there")?
            .display_name;
        let mut at = self.now - SignedDuration::from_hours(wanted.hours_ago);
        let first_day = self.zone.day_of(at);
        let request = Request {
            first_day,
            last_day: first_day.saturating_add((wanted.days - 1).days()),
            reason: wanted.reason.into(),
            holder: name,
            phone: None,
            host: None,
            given: pass::Values::new(),
        };
        let Some(id) = self
            .hand_in(applicant, Applying::Person, kind.no, &request, at)
            .await?
        else {
            return Ok(());
        };
        for act in wanted.acts {
            at += SignedDuration::from_mins(95);
            let verdict = match act.does {
                Does::Agree => Verdict::Agree,
                Does::To(step) => Verdict::AgreeTo {
                    next: Some(Next::Step(step.parse()?)),
                    person: None,
                },
                Does::Refuse => Verdict::Refuse,
                Does::SendBack => Verdict::SendBack,
            };
            let by: AccountId = self
                .account(act.by)
                .await?
                .ok_or("an approver of the demonstration is not there")?;
            self.decide(by, id, &verdict, act.opinion, at).await?;
        }
        Ok(())
    }
}
