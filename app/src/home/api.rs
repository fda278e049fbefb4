//! Who looks at the page.

use crate::browser::limited::Limited;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn;
use pass::role::Role;
use pass::site::Text;
use serde::{Deserialize, Serialize};

/// What the pages may know of the person who looks, signed in or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The site's name.
    pub site_name: Text,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// The name to greet with; a telephone number shows its last four digits only.
    pub name: String,
    /// Whether they are somebody of the register of staff and students.
    pub member: bool,
    /// The duties granted.
    pub roles: Vec<Role>,
    /// Whether there is anything for them to review.
    pub reviews: bool,
    /// Whether the site is a demonstration, whose messages and logins anybody may see.
    pub demo: bool,
}

/// Who looks at the page.
///
/// # Errors
/// [`AppError::NotFound`] when no site has this host name.
#[server(client = Limited, prefix = "/api/v1", endpoint = "me", input = server_fn::codec::GetUrl)]
pub async fn load_me() -> Result<Me, AppError> {
    let site = crate::backend::site().await?;
    let person = crate::backend::viewer::find().await?.map(|viewer| viewer.person);
    let reviews = match &person {
        Some(_) => match crate::backend::reviewing::Reviewer::asking().await {
            Ok(_) => true,
            Err(AppError::NotAllowed) => false,
            Err(error) => return Err(error),
        },
        None => false,
    };
    Ok(Me {
        reviews,
        site_name: site.name,
        signed_in: person.is_some(),
        name: person
            .as_ref()
            .map(crate::backend::viewer::shown_name)
            .unwrap_or_default(),
        member: person.as_ref().is_some_and(|person| person.person.is_some()),
        roles: person.map(|person| person.duties()).unwrap_or_default(),
        demo: site.demo,
    })
}
