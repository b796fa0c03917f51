//! Who somebody is, by what the company's site has signed.

use crate::error::{Error, Result};
use crate::model::{Claims, Company, Person, Realm, Side, Statement, Time, Users};

/// By how much the site's clock may be ahead of ours.
const AHEAD_MS: Time = 60_000;

/// The company's own user whom the statement names, if the company's secret has signed it, for this company and this
/// moment. Whatever is wrong, the refusal is the same.
pub fn identify(company: &Company, statement: Statement<'_>, now: Time) -> Result<Person> {
    let secret = company.identity.as_ref().filter(|_| company.users == Users::Own);
    let secret = secret.ok_or(Error::Forbidden)?;
    let Statement { signed, signature, claims } = statement;
    if !secret.has_signed(signed, &signature) || !holds(&claims, company, now) {
        return Err(Error::Forbidden);
    }
    Ok(Person {
        side: Side::Visitor,
        realm: Realm::Company(company.id.clone()),
        aid: claims.aid,
        mid: claims.mid,
        account: claims.account,
        nick: claims.nick,
        attributes: claims.attributes,
    })
}

fn holds(claims: &Claims, company: &Company, now: Time) -> bool {
    let is_meant = |audience: &Vec<Box<str>>| audience.iter().any(|one| **one == *company.id.as_str());
    claims.expires > now
        && claims.not_before.is_none_or(|begin| begin <= now.saturating_add(AHEAD_MS))
        && claims.audience.as_ref().is_none_or(is_meant)
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, Mac as _};
    use sha2::Sha256;

    use super::*;
    use crate::model::{AccountId, CompanyId, Name, Secret};

    const SIGNED: &[u8] = b"header.claims";
    const NOW: Time = 1_000_000;

    fn company() -> Company {
        let company = Company::new(CompanyId::parse("c1").unwrap(), Name::parse("name", "Shop").unwrap());
        Company { identity: Some(Secret::presented("hush")), ..company }
    }

    fn claims() -> Claims {
        let name = |text| Name::parse("nick", text).unwrap();
        Claims {
            aid: AccountId::parse("u1").unwrap(),
            mid: name("m1"),
            account: name("ann"),
            nick: name("安"),
            attributes: Some("{\"vip\":true}".into()),
            expires: NOW + 1,
            not_before: None,
            audience: None,
        }
    }

    fn signature(secret: &str) -> Box<[u8]> {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.chain_update(SIGNED).finalize().into_bytes().as_slice().into()
    }

    fn asked(company: &Company, claims: Claims, signature: Box<[u8]>) -> Result<Person, u16> {
        let statement = Statement { signed: SIGNED, signature, claims };
        identify(company, statement, NOW).map_err(|error| error.code() as u16)
    }

    #[test]
    fn what_the_companys_secret_has_signed_names_one_of_its_own_users() {
        let person = asked(&company(), claims(), signature("hush")).unwrap();
        assert_eq!((person.side, person.realm.clone()), (Side::Visitor, Realm::Company(company().id)));
        let Person { aid, mid, account, nick, attributes, .. } = person;
        assert_eq!((aid, mid, account, nick), (claims().aid, claims().mid, claims().account, claims().nick));
        assert_eq!(attributes, claims().attributes);
    }

    #[test]
    fn no_other_signature_is_one() {
        let whole = signature("hush");
        let mut bent = whole.clone();
        bent[31] ^= 1;
        for signature in [signature("other"), bent, whole[..31].into(), whole[..16].into(), [].into()] {
            assert_eq!(asked(&company(), claims(), signature), Err(4003));
        }
    }

    #[test]
    fn a_company_without_a_secret_or_users_of_its_own_believes_nothing() {
        let silent = Company { identity: None, ..company() };
        assert_eq!(asked(&silent, claims(), signature("")), Err(4003));
        let market = Company { users: Users::Platform, ..company() };
        assert_eq!(asked(&market, claims(), signature("hush")), Err(4003));
    }

    #[rstest::rstest]
    #[case::ended(Claims { expires: NOW, ..claims() }, false)]
    #[case::far_ahead(Claims { expires: Time::MAX, ..claims() }, true)]
    #[case::not_yet(Claims { not_before: Some(NOW + AHEAD_MS + 1), ..claims() }, false)]
    #[case::a_clock_ahead(Claims { not_before: Some(NOW + AHEAD_MS), ..claims() }, true)]
    #[case::for_us(Claims { audience: Some(vec!["x".into(), "c1".into()]), ..claims() }, true)]
    #[case::for_others(Claims { audience: Some(vec!["c2".into()]), ..claims() }, false)]
    #[case::for_nobody(Claims { audience: Some(vec![]), ..claims() }, false)]
    fn a_statement_holds_at_its_time_and_for_its_company(#[case] claims: Claims, #[case] does: bool) {
        assert_eq!(asked(&company(), claims, signature("hush")).is_ok(), does);
    }
}
