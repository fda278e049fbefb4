-- A household file between its upload and the administrator's word. The register is not touched before that.

create table household_import (
    site_id integer not null,
    -- Made by the form before it is sent: the same file sent again is the same import.
    import_id uuid not null,
    file_name text not null,
    created_by uuid not null,
    created_at timestamptz not null,
    -- What is wrong with the file, line by line. While there is anything, nothing can be taken over.
    report jsonb not null,
    faulty boolean not null,
    -- The good rows as `pass` reads them, exactly what was looked at; emptied once they are in the register.
    rows jsonb not null,
    -- Set by the one time it was taken over, with what that did.
    applied_at timestamptz,
    applied_by uuid,
    created bigint,
    updated bigint,
    unchanged bigint,
    primary key (site_id, import_id),
    check ((applied_at is null) = (applied_by is null) and (applied_at is null) = (created is null)),
    check (applied_at is null or not faulty),
    foreign key (site_id, created_by) references account,
    foreign key (site_id, applied_by) references account
);

create index household_import_list on household_import (site_id, created_at desc, import_id desc);
