-- The household register (住户) and who applies for which household.

create table household (
    site_id integer not null references site,
    household_id uuid not null,
    -- The address as `pass` normalises it, so that two spellings of one door are one row.
    community text not null check (community <> ''),
    building text not null check (building <> ''),
    door text not null check (door <> ''),
    -- The householder's name as registered; the office compares it with what the applicant typed.
    householder text not null check (householder <> ''),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (site_id, household_id)
);

-- One row an address, whatever the case of its letters. Also the index of the steps community → building → door.
create unique index household_address_key on household (site_id, lower(community), lower(building), lower(door));

create index household_householder on household (site_id, householder text_pattern_ops);

-- An account's claim to live in a household. The office confirms the first one.
create table household_claim (
    site_id integer not null,
    claim_id uuid not null,
    account_id uuid not null,
    household_id uuid not null,
    -- The householder's name as the applicant typed it.
    householder text not null,
    state text not null check (state in ('pending', 'confirmed', 'refused', 'released')),
    created_at timestamptz not null,
    -- When and by whom it was confirmed, refused or released; absent while pending.
    decided_at timestamptz,
    decided_by uuid,
    opinion text,
    primary key (site_id, claim_id),
    check ((state = 'pending') = (decided_at is null)),
    foreign key (site_id, account_id) references account,
    foreign key (site_id, household_id) references household,
    foreign key (site_id, decided_by) references account
);

-- A household binds one telephone (an account has one), and a telephone binds one household.
create unique index household_claim_household on household_claim (site_id, household_id) where state = 'confirmed';
create unique index household_claim_account on household_claim (site_id, account_id) where state = 'confirmed';
-- One open claim an account, so that a form sent twice asks once.
create unique index household_claim_pending on household_claim (site_id, account_id) where state = 'pending';
create index household_claim_list on household_claim (site_id, state, created_at, claim_id);
