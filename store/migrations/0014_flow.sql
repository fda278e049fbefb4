-- Approval flows of several steps, and applications that are not a household's.

-- An application is a household's, somebody's of the register, or of anybody with a telephone.
alter table application
    alter column household_id drop not null,
    alter column community drop not null,
    alter column building drop not null,
    alter column door drop not null,
    -- As what the applicant applied: the words of `pass::kind::Standing`.
    add column standing text not null default 'household',
    -- The applicant's staff or student number, and the unit that steps are decided in, as they were when it was made.
    add column number text,
    add column unit_id uuid,
    -- Who hosts, and the unit of the host.
    add column host_id uuid,
    add column host_unit_id uuid,
    -- A guest's telephone: whoever signs in with it has the pass.
    add column holder_phone text check (holder_phone <> ''),
    -- How often it was handed in.
    add column round smallint not null default 1,
    add constraint application_unit_fkey foreign key (site_id, unit_id) references unit,
    add constraint application_host_unit_fkey foreign key (site_id, host_unit_id) references unit,
    add constraint application_host_fkey foreign key (site_id, host_id) references account,
    add constraint application_household check (
        (standing = 'household') = (household_id is not null)
        and (household_id is null) = (community is null)
        and (household_id is null) = (building is null)
        and (household_id is null) = (door is null)
    );
alter table application alter column standing drop default;
-- Whose name the pass bears: the householder's, the applicant's own, a guest's, or a vehicle's plate.
alter table application rename column householder to holder;
alter index application_householder rename to application_holder;
create index application_number on application (site_id, number text_pattern_ops);
create index application_holder_phone on application (site_id, holder_phone) where holder_phone is not null;

-- Quotas are a household's or, where none applies, an applicant's.
alter table household_quota rename to quota;
alter table quota rename column household_id to taker_id;
alter table quota drop constraint household_quota_site_id_household_id_fkey;
alter table quota add foreign key (site_id) references site;

-- A step that an application has reached, once for each seat, and once more for whom a deadline called in. Closed when somebody decided, here or
-- for all seats.
create table task (
    site_id integer not null,
    application_id uuid not null,
    -- Counts the steps that this application came to.
    visit smallint not null,
    -- Which seat of the step.
    seat smallint not null,
    -- 0: those of the seat; 1: those whom its deadline called in.
    rank smallint not null default 0,
    -- The step's key in the kind that the application began with.
    step text not null,
    -- The inbox it lies in: `role@place` or `account:…`; `store::task` makes and reads these words.
    inbox text not null,
    -- The role that is looked for and the unit it is looked for from, to find the inbox anew when roles change.
    role text,
    unit_id uuid,
    -- What lists show or filter by, from the application.
    applicant_id uuid not null,
    kind_key text not null,
    community text,
    opened_at timestamptz not null,
    due_at timestamptz,
    -- When the deadline went by and something was done about it.
    overdue_at timestamptz,
    closed_at timestamptz,
    -- What was decided here, by whom, and for whom where somebody stood in; absent where it closed because of another.
    act text check (act in ('pass_on', 'agree', 'refuse', 'send_back')),
    closed_by uuid,
    closed_for uuid,
    primary key (site_id, application_id, visit, seat, rank),
    foreign key (site_id, application_id) references application,
    foreign key (site_id, applicant_id) references account,
    constraint task_closed_by_fkey foreign key (site_id, closed_by) references account,
    constraint task_closed_for_fkey foreign key (site_id, closed_for) references account,
    constraint task_unit_fkey foreign key (site_id, unit_id) references unit,
    constraint task_decided check ((act is null) = (closed_by is null) and (act is null or closed_at is not null)),
    -- Nobody decides his own application, whatever the program believes.
    constraint task_own check (closed_by <> applicant_id and closed_for <> applicant_id)
);

-- The two lists of an inbox, whole and by each filter, in the order they are read.
create index task_open on task (site_id, inbox, opened_at, application_id) where closed_at is null;
create index task_open_kind on task (site_id, inbox, kind_key, opened_at, application_id) where closed_at is null;
create index task_open_community on task (site_id, inbox, community, opened_at, application_id) where closed_at is null;
create index task_done on task (site_id, inbox, closed_at desc, application_id desc) where act is not null;
create index task_done_kind on task (site_id, inbox, kind_key, closed_at desc, application_id desc) where act is not null;
create index task_done_community on task (site_id, inbox, community, closed_at desc, application_id desc) where act is not null;
create index task_due on task (site_id, due_at) where closed_at is null and overdue_at is null and due_at is not null;
create index task_role on task (site_id, role) where closed_at is null and role is not null;

-- Where a seat's task lies: the nearest unit, from the one given upwards, in which somebody other than the applicant holds the role; else the
-- whole site; else the unit it began with, where it waits for somebody to be granted the role.
create function seat_inbox(site integer, seat text, holders text[], unit uuid, applicant uuid) returns text
language sql stable as $$
    with recursive up as (
        select u.unit_id, u.parent_id, 0 as depth from unit u where u.site_id = site and u.unit_id = unit
        union all
        select u.unit_id, u.parent_id, up.depth + 1
        from up join unit u on u.site_id = site and u.unit_id = up.parent_id
        where up.depth < 64
    ),
    held as (
        select g.unit_id
        from role_grant g join account a on a.site_id = g.site_id and a.account_id = g.account_id
        where g.site_id = site and g.role = any (holders) and g.zone_no is null
            and g.account_id <> applicant and a.disabled_at is null
            and (g.unit_id is null or g.unit_id in (select unit_id from up))
    )
    select seat || '@' || coalesce(
        (select 'unit-' || up.unit_id from up where up.unit_id in (select held.unit_id from held) order by up.depth limit 1),
        (select 'site' from held where held.unit_id is null limit 1),
        'unit-' || unit,
        'site'
    )
$$;

-- Whoever is away names somebody who decides in his place meanwhile (代理).
create table delegation (
    site_id integer not null,
    delegation_id uuid not null,
    from_id uuid not null,
    to_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    created_at timestamptz not null,
    -- Taken back before its end.
    ended_at timestamptz,
    primary key (site_id, delegation_id),
    foreign key (site_id, from_id) references account,
    foreign key (site_id, to_id) references account,
    check (starts_at < ends_at),
    check (from_id <> to_id)
);

create index delegation_to on delegation (site_id, to_id, ends_at) where ended_at is null;
create index delegation_from on delegation (site_id, from_id, ends_at);

-- The history says at which step, and for whom where somebody stood in.
alter table decision rename column step to no;
alter table decision
    add column step text,
    add column for_id uuid,
    add constraint decision_for_fkey foreign key (site_id, for_id) references account,
    drop constraint decision_act_check,
    add constraint decision_act_check check (act in (
        'submit', 'resubmit', 'pass_on', 'agree', 'refuse', 'send_back', 'withdraw', 'terminate', 'lapse'
    ));

-- Applications in review before there were tasks lie with the community office.
insert into task (site_id, application_id, visit, seat, step, inbox, role, applicant_id, kind_key, community, opened_at)
select a.site_id, a.application_id, 1, 0, coalesce(k.definition #>> '{steps,0,key}', 'office'), 'office@site', 'office',
    a.applicant_id, a.kind_key, a.community, a.created_at
from application a join pass_kind k on k.site_id = a.site_id and k.kind_no = a.kind_no
where a.state = 'in_review';
-- And what was decided stays in the office's list.
insert into task (site_id, application_id, visit, seat, step, inbox, role, applicant_id, kind_key, community, opened_at,
    closed_at, act, closed_by)
select distinct on (a.site_id, a.application_id) a.site_id, a.application_id, 1, 0, 'office', 'office@site', 'office',
    a.applicant_id, a.kind_key, a.community, a.created_at, d.decided_at, d.act, d.account_id
from application a join decision d on d.site_id = a.site_id and d.application_id = a.application_id
where a.state <> 'in_review' and d.act in ('agree', 'refuse') and d.account_id is not null and d.account_id <> a.applicant_id
order by a.site_id, a.application_id, d.no;

-- The lists by state alone are the tasks' now; overviews read all applications by time.
drop index application_pending;
drop index application_pending_kind;
drop index application_pending_community;
drop index application_done;
drop index application_done_kind;
drop index application_done_community;
drop index application_done_kind_community;
create index application_all on application (site_id, standing, created_at desc, application_id desc);
create index application_all_state on application (site_id, standing, state, created_at desc, application_id desc);
create index application_all_kind on application (site_id, standing, kind_key, created_at desc, application_id desc);
create index application_all_community on application (site_id, standing, community, created_at desc, application_id desc)
    where community is not null;
