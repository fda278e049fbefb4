//! Which of one's own applications are asked for, as it stands in the address: so that reloading, going back and a link from a portal
//! show the same.

use crate::sentences::url_part;
use jiff::civil::Date;
use leptos_router::params::ParamsMap;
use pass::{Period, State};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The list's own address.
const LIST: &str = "/applications";

/// What narrows the list, and where in it a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// In this state.
    pub state: Option<State>,
    /// Submitted in one of these.
    pub range: Option<Period>,
    /// A day of the range; today without one, so that a kept link stays what it says.
    pub on: Option<Date>,
    /// Where the page before ended.
    pub after: Option<String>,
}

impl Wanted {
    /// What the address asks for; what nobody can read narrows nothing.
    pub fn read(map: &ParamsMap) -> Wanted {
        let range = map.get_str("range").and_then(|range| range.parse().ok());
        Wanted {
            state: map.get_str("state").and_then(|state| state.parse().ok()),
            range,
            on: map
                .get_str("on")
                .and_then(|day| day.parse().ok())
                .filter(|_| range.is_some()),
            after: map.get("after").filter(|after| !after.is_empty()),
        }
    }

    /// The same from its beginning, in another state.
    pub fn in_state(&self, state: Option<State>) -> Wanted {
        Wanted {
            state,
            after: None,
            ..self.clone()
        }
    }

    /// The same from its beginning, in another range; none: whenever submitted.
    pub fn in_range(&self, range: Option<Period>, on: Option<Date>) -> Wanted {
        Wanted {
            range,
            on,
            after: None,
            ..self.clone()
        }
    }

    /// Another page of the same.
    pub fn from(&self, after: Option<String>) -> Wanted {
        Wanted {
            after,
            ..self.clone()
        }
    }

    /// The address's query, without its question mark.
    pub fn query(&self) -> String {
        let parts = [
            ("state", self.state.map(|state| state.to_string())),
            ("range", self.range.map(|range| range.to_string())),
            ("on", self.on.map(|day| day.to_string())),
            ("after", self.after.clone()),
        ];
        let given = parts
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", url_part(&value?))));
        given.collect::<Vec<_>>().join("&")
    }

    /// The list's address.
    pub fn address(&self) -> String {
        with_query(LIST, &self.query())
    }

    /// The list's address with one of them open beside it.
    pub fn address_of(&self, open: Uuid) -> String {
        let query = self.query();
        let and = if query.is_empty() { "" } else { "&" };
        format!("{LIST}?{query}{and}open={open}")
    }

    /// The address of the file of all of them, whatever page is shown, with these columns.
    pub fn export(&self, columns: &str) -> String {
        let query = self.from(None).query();
        let and = if query.is_empty() { "" } else { "&" };
        format!("{LIST}/export.csv?{query}{and}columns={}", url_part(columns))
    }
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// The one that is open beside the list.
pub fn open(map: &ParamsMap) -> Option<Uuid> {
    map.get_str("open").and_then(|id| id.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&'static str, &str)]) -> Wanted {
        let map: ParamsMap = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Wanted::read(&map)
    }

    #[test]
    fn the_address_says_what_is_asked_for() {
        let wanted = read(&[
            ("state", "in_review"),
            ("range", "week"),
            ("on", "2020-02-17"),
            ("after", "1_a"),
        ]);
        assert_eq!(
            wanted.address(),
            "/applications?state=in_review&range=week&on=2020-02-17&after=1_a"
        );
        assert_eq!(
            wanted.in_state(None).address(),
            "/applications?range=week&on=2020-02-17"
        );
        assert_eq!(
            wanted.in_range(None, None).address_of(Uuid::nil()),
            "/applications?state=in_review&open=00000000-0000-0000-0000-000000000000"
        );
        assert_eq!(
            wanted.in_range(None, None).export("kind,state"),
            "/applications/export.csv?state=in_review&columns=kind%2Cstate"
        );
    }

    #[test]
    fn what_nobody_can_read_narrows_nothing() {
        let wanted = read(&[
            ("state", "soon"),
            ("range", "year"),
            ("on", "2020-02-17"),
            ("after", ""),
        ]);
        assert_eq!(wanted, Wanted::default());
        assert_eq!(wanted.address(), "/applications");
        assert_eq!(wanted.export(""), "/applications/export.csv?columns=");
    }
}
