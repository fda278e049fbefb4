-- What a revoked tablet still sends is no fact, but it may be the first use of a pass that another gate admitted as well: that must be
-- found, whichever of the two arrives first.

-- The pass that a revoked tablet says it let in; absent for everything else in quarantine.
alter table quarantine add column pass_number integer;

create index quarantine_pass on quarantine (site_id, pass_number) where pass_number is not null;
