-- Signing in at the site's own sign-in (统一身份认证), by OpenID Connect or CAS.

-- Somebody on their way to the site's sign-in and back. Used up by the one return that names it.
create table sign_in_attempt (
    site_id integer not null references site,
    -- SHA-256 of the state that comes back in the address.
    state_hash bytea not null check (length(state_hash) = 32),
    -- SHA-256 of the browser's cookie: whoever began is who returns, so nobody can be signed in as somebody else by a link.
    browser_hash bytea not null check (length(browser_hash) = 32),
    way text not null check (way in ('oidc', 'cas')),
    -- What the ID token has to repeat, and what proves that the code was asked for from here (PKCE); of OpenID Connect alone.
    nonce text,
    verifier text,
    -- The path to go on to.
    next text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (site_id, state_hash),
    check ((way = 'oidc') = (nonce is not null) and (way = 'oidc') = (verifier is not null))
);

create index sign_in_attempt_expires on sign_in_attempt (site_id, expires_at);

-- CAS tickets that were shown here: none is taken twice, whatever the CAS server says. Kept longer than any server honours one.
create table spent_ticket (
    site_id integer not null references site,
    ticket_hash bytea not null check (length(ticket_hash) = 32),
    expires_at timestamptz not null,
    primary key (site_id, ticket_hash)
);

create index spent_ticket_expires on spent_ticket (site_id, expires_at);

alter table session
    -- How it began. One begun by a text message alone has no role's powers.
    add column way text not null default 'password'
        constraint session_way_check check (way in ('password', 'phone', 'oidc', 'cas')),
    -- SHA-256 of what the site's sign-in names when it ends the session: the CAS ticket, the provider's session.
    add column ended_by bytea check (length(ended_by) = 32);

-- Whoever has no password came by telephone.
update session s set way = 'phone'
from account a
where a.site_id = s.site_id and a.account_id = s.account_id and a.phone is not null and a.password_hash is null;

create index session_ended_by on session (site_id, ended_by) where ended_by is not null;
