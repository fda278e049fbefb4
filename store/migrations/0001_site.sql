-- The site: the institution whose gates are guarded, and the shard. Every table's primary key begins with site_id, and every
-- foreign key between two tables carries it, so that no row can ever point into another site.

create table site (
    site_id integer generated always as identity primary key,
    -- The audience of the site's credentials (`aud`); never changes, since credentials name it.
    code text not null check (code ~ '^[a-z0-9-]{1,15}$'),
    name_zh text not null check (name_zh <> ''),
    name_en text not null check (name_en <> ''),
    -- IANA name; days of passes and quotas are this zone's days.
    time_zone text not null,
    -- A demonstration: its messages are shown to anybody instead of being sent, and its logins are printed.
    demo boolean not null default false,
    created_at timestamptz not null,
    -- Two sites with one audience would admit each other's passes.
    constraint site_code_key unique (code)
);

-- The host names under which the site is asked. The one look-up that begins without a site, so the name is unique over all sites.
create table site_host (
    site_id integer not null references site,
    host text not null check (host = lower(host) and host <> ''),
    primary key (site_id, host),
    constraint site_host_key unique (host)
);

-- What counts up in a site. Apart from `site`, because these rows are updated all the time and the site's is read all the time.
create table site_counter (
    site_id integer primary key references site,
    -- The next pass number. Taken by one `update … returning` inside the transaction that issues, so that a number is
    -- never given twice and a failed issue leaves no gap.
    next_pass_number integer not null default 1 check (next_pass_number > 0),
    -- The next number of a published pass kind; credentials carry it in two bytes.
    next_kind_no integer not null default 1 check (next_kind_no between 1 and 65536),
    -- Version of the gate bundle. Raised in the transaction of whatever changes the bundle; the row's lock puts these
    -- transactions in order, so a reader that sees version n sees everything that made it n.
    bundle_version bigint not null default 1
);

-- The keys that sign the site's credentials. Retired keys stay: what they signed is still shown at the gate.
create table issuer_key (
    site_id integer not null references site,
    -- First four bytes of the key's thumbprint (RFC 9679), as the credential's header carries it.
    kid bytea not null check (length(kid) = 4),
    -- SEC1 compressed point.
    public_key bytea not null check (length(public_key) = 33),
    -- The private key, sealed by the server with a secret that is not in the database.
    sealed_key bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz,
    primary key (site_id, kid)
);

-- One key signs at a time.
create unique index issuer_key_active on issuer_key (site_id) where retired_at is null;

-- A campus or compound (校区). Its number is the bit in a pass's zone set.
create table zone (
    site_id integer not null references site,
    zone_no smallint not null check (zone_no between 0 and 31),
    name_zh text not null check (name_zh <> ''),
    name_en text not null check (name_en <> ''),
    primary key (site_id, zone_no)
);
