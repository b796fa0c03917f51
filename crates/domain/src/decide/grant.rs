//! What an API key may vouch for (contract B3).

use crate::error::{Error, Result};
use crate::model::{Company, CompanyId, Person, Realm, Side, Users};

/// Who the host site says is logged in there, before it is known whether it may say so.
#[derive(Debug, Clone)]
pub struct GrantRequest<'a> {
    pub side: Side,
    pub company_id: Option<&'a CompanyId>,
    /// The company named by `company_id` or by the key, if there is one.
    pub company: Option<&'a Company>,
}

/// The realm of the person that a token is asked for. A company's key names its own agents and, if
/// it has its own users, its visitors. The platform's key names the platform's visitors and the
/// agents of companies whose users are the platform's.
pub fn grant(owner: &Realm, request: &GrantRequest<'_>) -> Result<Realm> {
    match (owner, request.side) {
        (Realm::Company(own), side) => {
            if request.company_id.is_some_and(|asked| asked != own) {
                return Err(Error::Forbidden);
            }
            let company = request.company.ok_or(Error::Forbidden)?;
            if side == Side::Visitor && company.users == Users::Platform {
                return Err(Error::Forbidden);
            }
            Ok(Realm::Company(own.clone()))
        }
        (Realm::Platform, Side::Visitor) => match (request.company_id, request.company) {
            (None, _) => Ok(Realm::Platform),
            (Some(_), Some(company)) if company.users == Users::Platform => Ok(Realm::Platform),
            (Some(_), _) => Err(Error::Forbidden),
        },
        (Realm::Platform, Side::Agent) => {
            let asked = request.company_id.ok_or(Error::Missing("companyid"))?;
            match request.company {
                Some(company) if company.users == Users::Platform => Ok(Realm::Company(asked.clone())),
                _ => Err(Error::Forbidden),
            }
        }
    }
}

/// Whether this key may vouch for such a person: who does may end a ticket as well. `company` is the
/// person's.
pub fn vouches(owner: &Realm, person: &Person, company: Option<&Company>) -> bool {
    let request = GrantRequest { side: person.side, company_id: person.company(), company };
    grant(owner, &request).is_ok_and(|realm| realm == person.realm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    fn id(text: &str) -> CompanyId {
        CompanyId::parse(text).unwrap()
    }

    fn ask(
        owner: Realm,
        side: Side,
        named: Option<&str>,
        company: Option<(&str, Users)>,
    ) -> Result<Realm, u16> {
        let named = named.map(id);
        let company =
            company.map(|(name, users)| Company { users, ..Company::new(id(name), Name::default()) });
        grant(&owner, &GrantRequest { side, company_id: named.as_ref(), company: company.as_ref() })
            .map_err(|error| error.code() as u16)
    }

    #[test]
    fn a_companys_key_names_its_own_people_only() {
        let own = || Realm::Company(id("c1"));
        let c1 = Some(("c1", Users::Own));
        assert_eq!(ask(own(), Side::Visitor, None, c1), Ok(own()));
        assert_eq!(ask(own(), Side::Agent, Some("c1"), c1), Ok(own()));
        assert_eq!(ask(own(), Side::Visitor, Some("c2"), Some(("c2", Users::Own))), Err(4003));
        assert_eq!(ask(own(), Side::Visitor, Some("nowhere"), None), Err(4003));
        assert_eq!(ask(own(), Side::Visitor, None, Some(("c1", Users::Platform))), Err(4003));
    }

    #[test]
    fn the_platforms_key_names_the_platforms_people_only() {
        let market = Some(("shop", Users::Platform));
        assert_eq!(ask(Realm::Platform, Side::Visitor, None, None), Ok(Realm::Platform));
        assert_eq!(ask(Realm::Platform, Side::Visitor, Some("shop"), market), Ok(Realm::Platform));
        assert_eq!(ask(Realm::Platform, Side::Visitor, Some("c1"), Some(("c1", Users::Own))), Err(4003));
        assert_eq!(ask(Realm::Platform, Side::Visitor, Some("nowhere"), None), Err(4003));
        assert_eq!(ask(Realm::Platform, Side::Agent, Some("shop"), market), Ok(Realm::Company(id("shop"))));
        assert_eq!(ask(Realm::Platform, Side::Agent, Some("c1"), Some(("c1", Users::Own))), Err(4003));
        assert_eq!(ask(Realm::Platform, Side::Agent, None, None), Err(4001));
    }
}
