//! Signing in at the site's own sign-in, against a real OpenID provider (npm's `oidc-provider`) and a real CAS server (PyPI's
//! `django-cas-server`), which the tests start; and binding a telephone to such an account. `script/need test` installs the two.

#![expect(clippy::unwrap_used, reason = "what the tests build on must be there")]

mod binding;
mod browser;
mod cas;
mod oidc;
mod providers;
mod world;
