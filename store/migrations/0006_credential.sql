-- What an approved application yields.
create table credential (
    site_id integer not null references site,
    -- The pass number (通行证号), sequential in the site. Identity for single use is this number, never the signed bytes.
    pass_number integer not null check (pass_number > 0),
    application_id uuid not null,
    kind_no integer not null,
    medium text not null check (medium in ('phone', 'paper')),
    uses text not null check (uses in ('once', 'many')),
    -- The masked name, as signed.
    name text not null,
    valid_from timestamptz not null,
    valid_until timestamptz not null,
    -- The signed credential.
    bytes bytea not null,
    issued_at timestamptz not null,
    revoked_at timestamptz,
    -- Who revoked; the applicant where an application was withdrawn.
    revoked_by uuid,
    -- Redemptions known and not voided, counted from `admission` under this row's lock; the first one's instant.
    redemptions integer not null default 0 check (redemptions >= 0),
    redeemed_at timestamptz,
    primary key (site_id, pass_number),
    check (valid_from < valid_until),
    -- One credential an application.
    constraint credential_application_key unique (site_id, application_id),
    foreign key (site_id, application_id) references application,
    foreign key (site_id, kind_no) references pass_kind,
    foreign key (site_id, revoked_by) references account
);

-- The status list: only what is neither valid nor over is looked for.
create index credential_status on credential (site_id, valid_until)
    where revoked_at is not null or (uses = 'once' and redemptions > 0);

-- The lowest number that is not over, where the status list begins.
create index credential_live on credential (site_id, valid_until) include (pass_number);

-- An application names the credential it led to.
alter table application add constraint application_pass_number_fkey
    foreign key (site_id, pass_number) references credential (site_id, pass_number);
