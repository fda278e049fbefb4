-- Units and people are imported as households are, and the register of people is searched.

-- A file between its upload and the administrator's word, of whichever register.
alter table household_import rename to register_import;
alter table register_import
    -- The words of the Rust enum `Register`; a test holds the two lists together.
    add column register text not null default 'households' constraint register_import_register_check
        check (register in ('households', 'units', 'people'));
alter table register_import alter column register drop default;
alter index household_import_list rename to register_import_list;

-- The beginning of a name, and of a number.
create index account_name on account (site_id, display_name text_pattern_ops);
create index person_number on person (site_id, number text_pattern_ops);
-- A kind's people in order of their numbers, as the list shows them.
create index person_kind on person (site_id, kind, number);

-- Where a seat's task lies, as in 0014; whoever left holds no role until they are back.
create or replace function seat_inbox(site integer, seat text, holders text[], unit uuid, applicant uuid) returns text
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
            and not exists (
                select from person p where p.site_id = site and p.account_id = g.account_id and p.left_at is not null)
    )
    select seat || '@' || coalesce(
        (select 'unit-' || up.unit_id from up where up.unit_id in (select held.unit_id from held) order by up.depth limit 1),
        (select 'site' from held where held.unit_id is null limit 1),
        'unit-' || unit,
        'site'
    )
$$;
