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
