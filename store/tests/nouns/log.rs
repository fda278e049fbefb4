//! A tablet's log, and how it is uploaded.

use crate::world::after;
use jiff::Timestamp;
use pass::{
    AdmissionEvent, CheckpointId, Direction, EventId, Hash, KindNo, PassNumber, TabletId, What,
    admission::{chain_start, hash},
};
use store::{
    Pool, SiteId,
    admission::{self, Received, Uploaded},
    tablet::Tablet,
};

/// A tablet's log, as the tablet keeps it. Nothing is signed: the store does not look.
pub struct Log {
    pub tablet: TabletId,
    pub checkpoint: CheckpointId,
    pub next: u64,
    pub previous: Hash,
}

#[derive(Clone)]
pub struct Sent {
    pub event: AdmissionEvent,
    pub bytes: Vec<u8>,
}

impl Log {
    pub fn new(tablet: &Tablet) -> Log {
        let id = tablet.public.id;
        Log {
            tablet: id,
            checkpoint: tablet.checkpoint,
            next: 1,
            previous: chain_start(id),
        }
    }

    pub fn write(&mut self, what: What, number: Option<u32>, at: Timestamp) -> Sent {
        self.write_way(Direction::In, what, number, at)
    }

    /// The next event at a checkpoint of this direction.
    pub fn write_way(
        &mut self,
        direction: Direction,
        what: What,
        number: Option<u32>,
        at: Timestamp,
    ) -> Sent {
        let event = AdmissionEvent {
            id: EventId(uuid::Uuid::new_v4().into_bytes()),
            tablet: self.tablet,
            seq: self.next,
            at,
            checkpoint: self.checkpoint,
            direction,
            number: number.map(PassNumber),
            kind_no: number.map(|_| KindNo(1)),
            what,
            name: "张*".into(),
            previous: self.previous,
            checks: vec![],
        };
        let sent = seal(event);
        self.next += 1;
        self.previous = hash(&sent.bytes);
        sent
    }

    pub fn admit(&mut self, number: u32, at: Timestamp) -> Sent {
        self.write(What::Admitted, Some(number), at)
    }

    /// Somebody passes this way.
    pub fn pass(&mut self, way: Direction, number: u32, at: Timestamp) -> Sent {
        self.write_way(way, What::Admitted, Some(number), at)
    }

    pub fn refuse(&mut self, at: Timestamp) -> Sent {
        self.write(
            What::Refused {
                code: "expired".into(),
            },
            None,
            at,
        )
    }

    pub fn void(&mut self, sent: &Sent, at: Timestamp) -> Sent {
        self.write(What::Voided { event: sent.event.id }, None, at)
    }
}

pub fn seal(event: AdmissionEvent) -> Sent {
    let bytes = serde_json::to_vec(&event).unwrap();
    Sent { event, bytes }
}

pub async fn upload(pool: &Pool, site: SiteId, tablet: TabletId, sent: &[Sent]) -> Uploaded {
    let received: Vec<_> = sent
        .iter()
        .map(|sent| Received {
            seq: sent.event.seq,
            bytes: &sent.bytes,
            event: Ok(sent.event.clone()),
        })
        .collect();
    admission::upload(pool, site, tablet, &received, after(100))
        .await
        .unwrap()
        .unwrap()
}
