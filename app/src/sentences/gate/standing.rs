//! How things stand with the server, in one line.

use super::{clock, pick, site_time};
use crate::gate::clock::Difference;
use crate::gate::sync::{Standing, Sync};
use crate::language::t;
use jiff::Timestamp;
use pass::GateBundle;

/// How things stand with the server: a sign, and the words. How many events wait and how wrong the clock is are said beside every
/// state.
pub fn standing(sync: &Sync, gate: Option<&GateBundle>) -> (&'static str, String) {
    let since = |at: Timestamp| gate.map_or_else(String::new, |gate| clock(site_time(gate, at)));
    let state = sync.standing();
    let (sign, words) = match state {
        Standing::Revoked => ("⛔", t("本终端已被停用", "This tablet was revoked").to_owned()),
        Standing::StorageFails => ("⚠", t("本机存储出错", "This tablet's storage fails").to_owned()),
        Standing::ServerRefuses => ("⚠", t("服务器拒绝接收", "The server refuses").to_owned()),
        Standing::Offline { since: at } => (
            "✈",
            pick(
                format!("{} 起无网络", since(at)),
                format!("No network since {}", since(at)),
            ),
        ),
        Standing::ClockDiffers(difference) => ("⏱", skewed(difference)),
        Standing::Waiting => ("⇡", String::new()),
        Standing::Beginning => ("…", t("正在连接", "Connecting").to_owned()),
        Standing::Done => ("✓", t("全部已上传", "Everything uploaded").to_owned()),
    };
    let waiting = sync.waiting;
    let beside = (waiting > 0).then(|| pick(format!("{waiting} 条待上传"), format!("{waiting} waiting")));
    let clock = sync
        .clock_shown()
        .filter(|_| !matches!(state, Standing::ClockDiffers(_)));
    let parts = [Some(words), beside, clock.map(skewed)];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    (sign, parts.join(t("，", "; ")))
}

fn skewed(difference: Difference) -> String {
    let Difference { skew, sure } = difference;
    let (seconds, slow) = (skew.as_secs().unsigned_abs(), skew.is_positive());
    let (zh, en) = if seconds < 120 {
        (format!("{seconds} 秒"), format!("{seconds} s"))
    } else {
        (format!("{} 分钟", seconds / 60), format!("{} min", seconds / 60))
    };
    let (zh_way, en_way) = if slow { ("慢", "slow") } else { ("快", "fast") };
    let (zh_sure, en_sure) = if sure {
        ("", "")
    } else {
        ("（尚未重新核对）", " (not checked anew yet)")
    };
    pick(
        format!("本机时间{zh_way}了 {zh}{zh_sure}"),
        format!("This clock is {en} {en_way}{en_sure}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::sync::Failing;
    use jiff::SignedDuration;

    #[test]
    fn what_waits_and_what_the_clock_lacks_is_said_beside_every_state() {
        let mut sync = Sync {
            waiting: 3,
            clock: Some(Difference {
                skew: SignedDuration::from_mins(10),
                sure: false,
            }),
            ..Sync::default()
        };
        let clock = "本机时间慢了 10 分钟（尚未重新核对）";
        assert_eq!(standing(&sync, None).1, format!("{clock}，3 条待上传"));
        for why in [
            Failing::Unreachable,
            Failing::Refused,
            Failing::Storage,
            Failing::Revoked,
        ] {
            sync.failed(why, Timestamp::UNIX_EPOCH);
            let words = standing(&sync, None).1;
            assert!(
                words.contains("，3 条待上传，") && words.ends_with(clock),
                "{words}"
            );
        }
        sync.reached(Timestamp::UNIX_EPOCH);
        sync.clock = None;
        assert_eq!(standing(&sync, None).1, "3 条待上传");
        sync.waiting = 0;
        assert_eq!(standing(&sync, None).1, "全部已上传");
    }
}
