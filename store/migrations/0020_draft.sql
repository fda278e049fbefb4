-- Applications half written, kept for whoever writes them. They are no applications: nobody else's list could show one by mistake, and
-- what an application must have they need not have yet.

create table draft (
    site_id integer not null,
    -- The form's name for what it will send (`application.request_id`): once that is sent, this is gone.
    draft_id uuid not null,
    -- Whose it is; nobody else ever reads it.
    account_id uuid not null,
    -- The kind's key: a newer version takes the draft up.
    kind_key text not null,
    -- The version that it was written in.
    kind_no integer not null,
    -- What was typed, as the form has it.
    content jsonb not null,
    -- Which tab wrote it last: what that tab holds itself is never older.
    writer uuid not null,
    -- Raised by every change: who began from an older one does not write over a newer one unasked.
    revision integer not null default 1,
    created_at timestamptz not null,
    saved_at timestamptz not null,
    primary key (site_id, draft_id),
    foreign key (site_id, account_id) references account,
    foreign key (site_id, kind_no) references pass_kind
);

create index draft_mine on draft (site_id, account_id, saved_at desc, draft_id desc);
-- What nobody came back to.
create index draft_old on draft (site_id, saved_at);

-- A draft's files stay as long as it does; one thrown away lets go of them.
alter table attachment
    add column draft_id uuid,
    add foreign key (site_id, draft_id) references draft on delete set null (draft_id);

create index attachment_of_draft on attachment (site_id, draft_id) where draft_id is not null;

-- An application was handed in. What is not yet lies in a table of its own.
alter table application drop constraint application_state_check;
alter table application
    add constraint application_state_check
        check (state in ('in_review', 'rejected', 'withdrawn', 'terminated', 'completed'));
