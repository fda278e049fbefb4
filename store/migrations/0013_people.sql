-- Units and the people of the site.

-- A department or college; units form a tree.
create table unit (
    site_id integer not null references site,
    unit_id uuid not null,
    -- The site's own code for it; imports name units by it.
    code text not null check (code <> ''),
    name_zh text not null check (name_zh <> ''),
    name_en text not null check (name_en <> ''),
    -- The unit above; absent at the top.
    parent_id uuid,
    -- Set when it is no more; people and applications that name it stay readable.
    closed_at timestamptz,
    primary key (site_id, unit_id),
    constraint unit_code_key unique (site_id, code),
    constraint unit_parent_fkey foreign key (site_id, parent_id) references unit,
    constraint unit_own_parent check (parent_id <> unit_id)
);

create index unit_parent on unit (site_id, parent_id);

-- Somebody of the register of staff and students. Each has an account from the beginning, so that roles can be granted and hosts named
-- before they first sign in.
create table person (
    site_id integer not null,
    account_id uuid not null,
    -- Staff or student number (学工号).
    number text not null check (number <> ''),
    -- The words of the Rust enum `PersonKind`; a test holds the two lists together.
    kind text not null constraint person_kind_check
        check (kind in ('staff', 'student', 'postgraduate', 'retired', 'contractor')),
    unit_id uuid not null,
    -- Where messages may go, as the register says; nobody signs in with these.
    phone text check (phone <> ''),
    mail text check (mail <> ''),
    -- Set when they belong to the site no more.
    left_at timestamptz,
    primary key (site_id, account_id),
    constraint person_number_key unique (site_id, number),
    foreign key (site_id, account_id) references account,
    constraint person_unit_fkey foreign key (site_id, unit_id) references unit
);

create index person_unit on person (site_id, unit_id, number);

-- Roles are granted at the site, in a zone or in a unit, as the role says.
alter table role_grant
    drop constraint role_grant_role_check,
    add constraint role_grant_role_check check (role in (
        'office', 'security_office', 'unit_head', 'unit_deputy', 'college_administrator', 'student_affairs', 'graduate_affairs',
        'clerk', 'guard', 'administrator'
    )),
    add column unit_id uuid,
    add constraint role_grant_unit_fkey foreign key (site_id, unit_id) references unit,
    add constraint role_grant_one_place check (zone_no is null or unit_id is null),
    drop constraint role_grant_key,
    add constraint role_grant_key unique nulls not distinct (site_id, account_id, role, zone_no, unit_id);

-- Who holds a role at a unit.
create index role_grant_holders on role_grant (site_id, role, unit_id);
