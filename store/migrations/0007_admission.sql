-- What happened at the gates, as the tablets tell it. Rows are facts: they are added, never changed or removed.

create table admission (
    site_id integer not null,
    tablet_id uuid not null,
    -- The tablet's own numbering, from 1 without gaps.
    seq bigint not null check (seq > 0),
    event_id uuid not null,
    -- The instant by the tablet's clock, and by the server's when it arrived.
    at timestamptz not null,
    received_at timestamptz not null,
    checkpoint_id uuid not null,
    direction text not null check (direction in ('in', 'out', 'both')),
    -- Absent when what was shown could not be read. No foreign key: the gate's fact stands, whatever the register knows.
    pass_number integer,
    kind_no integer,
    what text not null check (what in ('admitted', 'refused', 'overridden', 'voided')),
    -- The refusal's code, for refused and overridden.
    code text,
    -- The event that this one takes back.
    voids uuid,
    -- The masked name shown.
    name text not null,
    -- Whether it consumes a use of the pass; `pass` says which events do.
    redeems boolean not null,
    -- The chain: hash of the event before, hash of this one.
    previous bytea not null check (length(previous) = 32),
    hash bytea not null check (length(hash) = 32),
    -- The signed event, verbatim.
    bytes bytea not null,
    primary key (site_id, tablet_id, seq),
    constraint admission_event_key unique (site_id, event_id),
    foreign key (site_id, tablet_id) references tablet
);

create index admission_list on admission (site_id, at desc, event_id desc);
create index admission_checkpoint on admission (site_id, checkpoint_id, at desc, event_id desc);
create index admission_pass on admission (site_id, pass_number, at desc, event_id desc);
create index admission_voids on admission (site_id, voids) where voids is not null;

-- What a tablet sent and the server could not take for a fact. Kept, because the tablet will delete it.
create table quarantine (
    site_id integer not null,
    tablet_id uuid not null,
    -- The number the tablet gave it in the upload.
    seq bigint not null,
    hash bytea not null check (length(hash) = 32),
    reason text not null,
    received_at timestamptz not null,
    bytes bytea not null,
    -- The same bytes sent again are one row.
    primary key (site_id, tablet_id, seq, hash),
    foreign key (site_id, tablet_id) references tablet
);

create index quarantine_list on quarantine (site_id, received_at desc, tablet_id, seq);

-- A case for a person: two redemptions where one was allowed. The scans themselves are in `admission`.
create table double_use (
    site_id integer not null,
    pass_number integer not null,
    -- When the server first knew of two.
    found_at timestamptz not null,
    primary key (site_id, pass_number),
    foreign key (site_id, pass_number) references credential
);

create index double_use_list on double_use (site_id, found_at desc, pass_number);
