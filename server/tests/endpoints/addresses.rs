//! The addresses that are no server functions.

/// Every address that the server's source routes by hand, with an example of it. Those of tablets are signed by their keys:
/// nobody without one may call them, whatever the session.
pub const ROUTES: &[(&str, &str, Routed)] = &[
    ("/livez", "/livez", Routed::Open),
    ("/readyz", "/readyz", Routed::Open),
    ("/pkg/{*path}", "/pkg/nothing.js", Routed::Open),
    ("/gate", "/gate", Routed::Open),
    ("/gate/{*page}", "/gate/enrol", Routed::Open),
    ("/shell/gate", "/shell/gate", Routed::Open),
    ("/shell/pass", "/shell/pass", Routed::Open),
    ("/passes/{number}", "/passes/1", Routed::Open),
    ("/language/{tag}", "/language/en", Routed::Open),
    // Where the site's own sign-in is not set, as here, each leads to the page that says so.
    ("/sign-in/oidc", "/sign-in/oidc", Routed::Open),
    ("/sign-in/oidc/return", "/sign-in/oidc/return", Routed::Open),
    ("/sign-in/oidc/end", "/sign-in/oidc/end", Routed::Open),
    ("/sign-in/oidc/logout", "/sign-in/oidc/logout", Routed::Open),
    ("/sign-in/cas", "/sign-in/cas", Routed::Open),
    ("/sign-in/cas/return", "/sign-in/cas/return", Routed::Open),
    ("/sign-in/cas/end", "/sign-in/cas/end", Routed::Open),
    ("/api/v1/{*function}", "/api/v1/me", Routed::Open),
    ("/api/gate/v1/enrol", "/api/gate/v1/enrol", Routed::Tablet),
    ("/api/gate/v1/bundle", "/api/gate/v1/bundle", Routed::Tablet),
    ("/api/gate/v1/events", "/api/gate/v1/events", Routed::Tablet),
    (
        "/admin/households/template.csv",
        "/admin/households/template.csv",
        Routed::Administrator,
    ),
    (
        "/admin/households/imports/{id}/report.csv",
        "/admin/households/imports/00000000-0000-4000-8000-000000000000/report.csv",
        Routed::Administrator,
    ),
    (
        "/admin/units/template.csv",
        "/admin/units/template.csv",
        Routed::Administrator,
    ),
    (
        "/admin/units/imports/{id}/report.csv",
        "/admin/units/imports/00000000-0000-4000-8000-000000000000/report.csv",
        Routed::Administrator,
    ),
    (
        "/admin/people/template.csv",
        "/admin/people/template.csv",
        Routed::Administrator,
    ),
    (
        "/admin/people/imports/{id}/report.csv",
        "/admin/people/imports/00000000-0000-4000-8000-000000000000/report.csv",
        Routed::Administrator,
    ),
    (
        "/admin/people/export.csv",
        "/admin/people/export.csv",
        Routed::Administrator,
    ),
    (
        "/admin/admissions/export.csv",
        "/admin/admissions/export.csv",
        Routed::Administrator,
    ),
    (
        "/admin/kinds/{kind}/document.toml",
        "/admin/kinds/none/document.toml",
        Routed::Administrator,
    ),
    (
        "/applications/export.csv",
        "/applications/export.csv",
        Routed::SignedIn,
    ),
    (
        "/attachments/{id}",
        "/attachments/00000000-0000-4000-8000-000000000000",
        Routed::SignedIn,
    ),
    (
        "/attachments/{id}/thumbnail",
        "/attachments/00000000-0000-4000-8000-000000000000/thumbnail",
        Routed::SignedIn,
    ),
    (
        "/admin/households/upload",
        "/admin/households/upload",
        Routed::AdministratorPost,
    ),
    (
        "/admin/units/upload",
        "/admin/units/upload",
        Routed::AdministratorPost,
    ),
    (
        "/admin/people/upload",
        "/admin/people/upload",
        Routed::AdministratorPost,
    ),
];

/// Who may call an address that is routed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routed {
    Open,
    Tablet,
    SignedIn,
    Administrator,
    AdministratorPost,
}
