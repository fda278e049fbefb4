-- A pass may be for one entry and one exit (出入各一次), and guards confirm what a kind has them check.

alter table credential
    drop constraint credential_uses_check,
    add constraint credential_uses_check check (uses in ('once', 'pair', 'many')),
    -- Whether nothing is left of it, from the events in `admission`; `pass` says when that is.
    add column spent boolean not null default false;

update credential set spent = true where uses = 'once' and redemptions > 0;

drop index credential_status;
create index credential_status on credential (site_id, valid_until) where revoked_at is not null or spent;

-- Whether an event is a use depends on what its pass is for, so it is no fact about the event alone.
alter table admission drop column redeems;

alter table admission
    -- What the guard confirmed before letting them pass.
    add column checks text[] not null default '{}'
    check (checks <@ array['document', 'temperature', 'registration', 'host_called']);

-- Which way a revoked tablet says it let somebody pass: of a pair that decides which half it was.
alter table quarantine add column direction text check (direction in ('in', 'out', 'both'));

-- Until now only entries were noted. In which of the two directions makes no difference to a pass for one entry.
update quarantine set direction = 'in' where pass_number is not null;

alter table quarantine add constraint quarantine_passage_check check ((pass_number is null) = (direction is null));
