-- Pass kinds, the quota, and applications with their history.

-- One published version of a pass kind. Never changed afterwards: running applications and issued credentials keep theirs.
create table pass_kind (
    site_id integer not null references site,
    -- The number credentials carry for this version.
    kind_no integer not null check (kind_no between 1 and 65535),
    key text not null,
    version integer not null check (version > 0),
    -- The whole kind as `pass::PassKind` reads it.
    definition jsonb not null,
    published_at timestamptz not null,
    published_by uuid,
    -- Set when nobody may apply any more under this key; a newer version alone does not need it.
    retired_at timestamptz,
    primary key (site_id, kind_no),
    constraint pass_kind_version_key unique (site_id, key, version),
    foreign key (site_id, published_by) references account
);

-- The first days of the passes a household holds of one kind: what the quota rule decides on. One row, so that deciding and taking
-- happen under one lock.
create table household_quota (
    site_id integer not null,
    household_id uuid not null,
    -- The kind's key, not its number: a new version does not give the quota anew.
    kind_key text not null,
    -- A day stands as often as it is taken. Days older than the longest quota window are dropped.
    taken date[] not null,
    primary key (site_id, household_id, kind_key),
    foreign key (site_id, household_id) references household
);

create table application (
    site_id integer not null,
    application_id uuid not null,
    applicant_id uuid not null,
    -- Made by the form before it is sent: the same form sent again is the same application.
    request_id uuid not null,
    household_id uuid not null,
    kind_no integer not null,
    -- The kind's key, here for the lists' filter.
    kind_key text not null,
    -- The household as it was when the application was made, which is what was decided on; also what lists show and search.
    community text not null,
    building text not null,
    door text not null,
    householder text not null,
    -- Days of validity in the site's zone, both included.
    first_day date not null,
    last_day date not null,
    reason text not null,
    state text not null check (state in ('draft', 'in_review', 'rejected', 'withdrawn', 'terminated', 'completed')),
    created_at timestamptz not null,
    -- When it left review, by whatever act; what the list of done ones is ordered by.
    decided_at timestamptz,
    -- Who decided; absent for automatic approval.
    decided_by uuid,
    -- The credential's number once there is one.
    pass_number integer,
    primary key (site_id, application_id),
    constraint application_request_key unique (site_id, applicant_id, request_id),
    constraint application_own_decision check (decided_by <> applicant_id or state = 'withdrawn'),
    check (first_day <= last_day),
    foreign key (site_id, applicant_id) references account,
    foreign key (site_id, household_id) references household,
    foreign key (site_id, kind_no) references pass_kind,
    foreign key (site_id, decided_by) references account
);

-- An applicant's own list.
create index application_mine on application (site_id, applicant_id, created_at desc, application_id desc);
-- The office's two lists, whole and by each filter, in the order they are read. Ids only break ties. Each filter has its own, because one
-- that few or no rows meet would else be looked for in all of them.
create index application_pending on application (site_id, created_at, application_id) where state = 'in_review';
create index application_pending_kind on application (site_id, kind_key, created_at, application_id) where state = 'in_review';
create index application_pending_community on application (site_id, community, created_at, application_id) where state = 'in_review';
create index application_done on application (site_id, decided_at desc, application_id desc) where decided_at is not null;
create index application_done_kind on application (site_id, kind_key, decided_at desc, application_id desc)
    where decided_at is not null;
create index application_done_community on application (site_id, community, decided_at desc, application_id desc)
    where decided_at is not null;
create index application_done_kind_community on application (site_id, kind_key, community, decided_at desc, application_id desc)
    where decided_at is not null;
create index application_householder on application (site_id, householder text_pattern_ops);
create index application_door on application (site_id, door text_pattern_ops);

-- The history: every act on an application. Rows are only ever added.
create table decision (
    site_id integer not null,
    application_id uuid not null,
    -- 1 is the submission.
    step smallint not null,
    act text not null check (act in ('submit', 'agree', 'refuse', 'withdraw', 'terminate')),
    -- Absent when the kind's policy agreed by itself.
    account_id uuid,
    opinion text,
    decided_at timestamptz not null,
    primary key (site_id, application_id, step),
    foreign key (site_id, application_id) references application,
    foreign key (site_id, account_id) references account
);
