//! CAS 3.0: where to sign in, what a service ticket is worth, and which session a logout request ends.
//!
//! The protocol: <https://apereo.github.io/cas/6.6.x/protocol/CAS-Protocol-Specification.html>, sections 2.1, 2.3.3 and 2.8.

use super::Fault;
use super::config::CasConfig;
use reqwest::{Client, Url};
use roxmltree::{Document, Node};

/// The namespace of what the CAS server answers.
const CAS: &str = "http://www.yale.edu/tp/cas";
/// The namespace of its logout requests.
const SAML: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// A site's CAS server.
pub struct Cas {
    /// Its settings.
    pub config: CasConfig,
    url: Url,
    network: Client,
}

impl Cas {
    /// The CAS server at `url`.
    pub fn new(config: CasConfig, url: Url, network: Client) -> Self {
        Self { config, url, network }
    }

    /// Where somebody signs in for this service.
    pub fn login(&self, service: &str) -> Url {
        self.below("login", &[("service", service)])
    }

    /// Where somebody signs out, and is led back from.
    pub fn logout(&self, back: &str) -> Url {
        self.below("logout", &[("service", back)])
    }

    /// The number of whoever the ticket was given to for exactly this service; `None` when the server does not say it. The server takes a
    /// ticket once.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn validate(&self, service: &str, ticket: &str) -> Result<Option<String>, Fault> {
        let url = self.below("p3/serviceValidate", &[("service", service), ("ticket", ticket)]);
        let sent = self.network.get(url).send().await;
        let mut answer = sent
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| Fault::Unreachable(error.without_url().to_string()))?;
        let mut body = Vec::new();
        while let Some(part) = answer
            .chunk()
            .await
            .map_err(|error| Fault::Unreachable(error.without_url().to_string()))?
        {
            body.extend_from_slice(&part);
            if body.len() > LONGEST {
                return Err(Fault::Unreachable("the answer is too long".to_owned()));
            }
        }
        number_in(
            &String::from_utf8_lossy(&body),
            self.config.number_attribute.as_deref(),
        )
    }

    fn below(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        let below = format!("{}/{path}", self.url.path().trim_end_matches('/'));
        url.set_path(&below);
        url.query_pairs_mut().clear().extend_pairs(query);
        url
    }
}

/// The number in what a CAS server answers to a validation: the user's name, or the one value of the attribute.
fn number_in(answer: &str, attribute: Option<&str>) -> Result<Option<String>, Fault> {
    let unreadable = |what: &str| Fault::Unreachable(format!("the answer cannot be read: {what}"));
    let document = Document::parse(answer).map_err(|error| unreadable(&error.to_string()))?;
    let root = document.root_element();
    if !root.has_tag_name((CAS, "serviceResponse")) {
        return Err(unreadable("it is no serviceResponse"));
    }
    if let Some(failure) = child(root, "authenticationFailure") {
        let code = failure.attribute("code").unwrap_or("without a code");
        return Err(Fault::Refused(format!("the ticket is refused: {code}")));
    }
    let success =
        child(root, "authenticationSuccess").ok_or_else(|| unreadable("it says neither yes nor no"))?;
    let Some(attribute) = attribute else {
        return Ok(child(success, "user").and_then(text_of));
    };
    let mut values = child(success, "attributes")
        .into_iter()
        .flat_map(|attributes| attributes.children())
        .filter(|node| node.is_element() && node.tag_name().name() == attribute)
        .filter_map(text_of);
    // Of several nobody knows which is meant.
    Ok(values.next().filter(|_| values.next().is_none()))
}

/// The ticket whose session a logout request ends.
pub fn ended_ticket(request: &str) -> Option<String> {
    let document = Document::parse(request).ok()?;
    let root = document.root_element();
    if !root.has_tag_name((SAML, "LogoutRequest")) {
        return None;
    }
    let index = root
        .children()
        .find(|node| node.has_tag_name((SAML, "SessionIndex")))?;
    text_of(index)
}

fn child<'a>(node: Node<'a, 'a>, name: &'static str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.has_tag_name((CAS, name)))
}

fn text_of(node: Node<'_, '_>) -> Option<String> {
    node.text()
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(inside: &str) -> String {
        format!("<cas:serviceResponse xmlns:cas='{CAS}'>{inside}</cas:serviceResponse>")
    }

    #[test]
    fn a_success_names_the_user_and_attributes() {
        let success = answer(
            "<cas:authenticationSuccess><cas:user> 07000001 </cas:user><cas:attributes>
             <cas:mail>a@example.edu</cas:mail><cas:mail>b@example.edu</cas:mail>
             <cas:employeeNumber>S2020-1</cas:employeeNumber><cas:empty/></cas:attributes></cas:authenticationSuccess>",
        );
        for (attribute, number) in [
            (None, Some("07000001")),
            (Some("employeeNumber"), Some("S2020-1")),
            (Some("mail"), None),
            (Some("empty"), None),
            (Some("nothing"), None),
        ] {
            let found = number_in(&success, attribute).unwrap();
            assert_eq!(found.as_deref(), number, "{attribute:?}");
        }
    }

    #[test]
    fn everything_else_is_no_success() {
        let refused =
            answer("<cas:authenticationFailure code='INVALID_TICKET'>no</cas:authenticationFailure>");
        assert!(
            matches!(number_in(&refused, None), Err(Fault::Refused(why)) if why.contains("INVALID_TICKET"))
        );
        let both = answer(
            "<cas:authenticationSuccess><cas:user>1</cas:user></cas:authenticationSuccess>
             <cas:authenticationFailure code='X'/>",
        );
        assert!(matches!(number_in(&both, None), Err(Fault::Refused(_))));
        let foreign = "<serviceResponse><authenticationSuccess><user>1</user></authenticationSuccess></serviceResponse>";
        let nested = answer(
            "<cas:proxies><cas:authenticationSuccess><cas:user>1</cas:user></cas:authenticationSuccess></cas:proxies>",
        );
        let entities = format!(
            "<!DOCTYPE x [<!ENTITY a '07000001'>]>{}",
            answer("<cas:authenticationSuccess><cas:user>&a;</cas:user></cas:authenticationSuccess>")
        );
        for unreadable in [
            "",
            "no",
            "<html>maintenance</html>",
            foreign,
            &nested,
            &entities,
            &answer(""),
        ] {
            assert!(
                matches!(number_in(unreadable, None), Err(Fault::Unreachable(_))),
                "{unreadable}"
            );
        }
    }

    #[test]
    fn a_logout_request_names_the_ticket() {
        let request = |inside: &str| {
            format!(
                "<samlp:LogoutRequest xmlns:samlp='{SAML}' ID='1' Version='2.0'>{inside}</samlp:LogoutRequest>"
            )
        };
        let good = request("<samlp:SessionIndex>ST-1-abc</samlp:SessionIndex>");
        assert_eq!(ended_ticket(&good).as_deref(), Some("ST-1-abc"));
        for bad in [
            request(""),
            request("<SessionIndex>ST-1</SessionIndex>"),
            request("<samlp:SessionIndex/>"),
            "<LogoutRequest><SessionIndex>ST-1</SessionIndex></LogoutRequest>".to_owned(),
            "nothing".to_owned(),
        ] {
            assert_eq!(ended_ticket(&bad), None, "{bad}");
        }
    }

    #[test]
    fn addresses_are_below_the_servers() {
        for base in ["https://id.example.edu/cas", "https://id.example.edu/cas/"] {
            let config = CasConfig {
                url: base.to_owned(),
                number_attribute: None,
                label: pass::Text::default(),
            };
            let cas = Cas::new(config, base.parse().unwrap(), Client::new());
            assert_eq!(
                cas.login("https://pass.example.edu/sign-in/cas/return?state=ab")
                    .as_str(),
                "https://id.example.edu/cas/login?service=https%3A%2F%2Fpass.example.edu%2Fsign-in%2Fcas%2Freturn%3Fstate%3Dab"
            );
        }
    }
}
