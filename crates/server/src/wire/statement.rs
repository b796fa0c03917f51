//! What a company's site has signed: a JSON Web Token with HS256 (RFC 7515, RFC 7519), and no other kind.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use nodechat_domain::limits;
use nodechat_domain::model::{AccountId, Claims, Name, Statement, Time};
use nodechat_domain::{Error, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that have to be understood. None is.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct RawClaims {
    sub: String,
    /// Seconds since the epoch.
    exp: f64,
    nbf: Option<f64>,
    aud: Option<Audience>,
    name: Option<String>,
    account: Option<String>,
    mid: Option<String>,
    attributes: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(Box<str>),
    Many(Vec<Box<str>>),
}

/// Taken apart and well-formed; whether it is true is for whoever knows the secret. Whatever is wrong, the refusal is the
/// same.
pub fn statement(jwt: &str) -> Result<Statement<'_>> {
    read(jwt).ok_or(Error::Forbidden)
}

fn read(jwt: &str) -> Option<Statement<'_>> {
    let (signed, signature) = jwt.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = json(header)?;
    // Which algorithm it is, is ours to say: whoever names another one, or `none`, has signed nothing.
    if header.alg != "HS256" || header.crit.is_some() {
        return None;
    }
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?.into();
    Some(Statement {
        signed: signed.as_bytes(),
        signature,
        claims: json::<RawClaims>(claims)?.checked().ok()?,
    })
}

impl RawClaims {
    fn checked(self) -> Result<Claims> {
        let aid = AccountId::parse(&self.sub)?;
        let or_aid = |text: Option<String>| {
            let text = text.filter(|text| !text.is_empty());
            Name::parse("name", text.as_deref().unwrap_or(aid.as_str()))
        };
        let attributes = self.attributes.map(|attributes| Value::Object(attributes).to_string());
        if attributes.as_ref().is_some_and(|text| text.len() > limits::ATTRIBUTES_BYTES) {
            return Err(Error::Forbidden);
        }
        Ok(Claims {
            mid: or_aid(self.mid)?,
            account: or_aid(self.account)?,
            nick: or_aid(self.name)?,
            attributes: attributes.map(Into::into),
            expires: milliseconds(self.exp),
            not_before: self.nbf.map(milliseconds),
            audience: self.aud.map(|audience| match audience {
                Audience::One(company) => vec![company],
                Audience::Many(companies) => companies,
            }),
            aid,
        })
    }
}

/// A cast stops at both ends of what there is.
fn milliseconds(seconds: f64) -> Time {
    (seconds * 1000.0) as Time
}

fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

    fn jwt(header: &str, claims: &str) -> String {
        let encoded = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", encoded(header), encoded(claims), encoded("signature"))
    }

    fn claims(text: &str) -> Option<Claims> {
        statement(&jwt(HS256, text)).ok().map(|statement| statement.claims)
    }

    #[test]
    fn a_token_is_read_as_it_was_signed() {
        let jwt = jwt(
            HS256,
            r#"{"sub":"u-1","exp":1700000000,"name":"小明","account":"ming","mid":"m","aud":"c1","attributes":{"vip":true},"iat":1}"#,
        );
        let statement = statement(&jwt).unwrap();
        assert_eq!(statement.signed, jwt.rsplit_once('.').unwrap().0.as_bytes());
        assert_eq!(&*statement.signature, b"signature");
        let claims = statement.claims;
        assert_eq!((claims.aid.as_str(), claims.nick.as_str()), ("u-1", "小明"));
        assert_eq!((claims.account.as_str(), claims.mid.as_str()), ("ming", "m"));
        assert_eq!(claims.attributes.as_deref(), Some(r#"{"vip":true}"#));
        assert_eq!((claims.expires, claims.not_before), (1_700_000_000_000, None));
        assert_eq!(claims.audience, Some(vec!["c1".into()]));
    }

    #[test]
    fn what_is_left_out_is_called_like_the_account() {
        let claims =
            claims(r#"{"sub":"u-1","exp":1.5,"nbf":-1,"aud":["a","b"],"name":"","mid":null}"#).unwrap();
        assert!([&claims.nick, &claims.account, &claims.mid].iter().all(|name| name.as_str() == "u-1"));
        assert_eq!((claims.expires, claims.not_before, claims.attributes), (1500, Some(-1000), None));
        assert_eq!(claims.audience, Some(vec!["a".into(), "b".into()]));
    }

    #[rstest::rstest]
    #[case(r#"{"alg":"none"}"#)]
    #[case(r#"{"alg":"None"}"#)]
    #[case(r#"{"alg":"hs256"}"#)]
    #[case(r#"{"alg":"HS384"}"#)]
    #[case(r#"{"alg":"RS256"}"#)]
    #[case(r#"{"alg":"HS256","crit":["exp"]}"#)]
    #[case(r#"{"alg":["HS256"]}"#)]
    #[case(r#"{"alg":"none","alg":"HS256"}"#)]
    #[case(r#"{"typ":"JWT"}"#)]
    #[case("")]
    fn no_other_way_of_signing_is_known(#[case] header: &str) {
        assert_eq!(statement(&jwt(header, r#"{"sub":"u","exp":1}"#)).unwrap_err().code() as u16, 4003);
    }

    #[rstest::rstest]
    #[case(r#"{"exp":1}"#)]
    #[case(r#"{"sub":"u"}"#)]
    #[case(r#"{"sub":"","exp":1}"#)]
    #[case(r#"{"sub":7,"exp":1}"#)]
    #[case(r#"{"sub":"u","exp":"1"}"#)]
    #[case(r#"{"sub":"u","exp":null}"#)]
    #[case(r#"{"sub":"u\n","exp":1}"#)]
    #[case(r#"{"sub":"u","exp":1,"name":7}"#)]
    #[case(r#"{"sub":"u","exp":1,"name":"a\u0000b"}"#)]
    #[case(r#"{"sub":"u","exp":1,"attributes":[]}"#)]
    #[case(r#"{"sub":"u","exp":1,"attributes":"{}"}"#)]
    #[case(r#"{"sub":"u","exp":1,"aud":7}"#)]
    #[case(r#"{"sub":"a","sub":"u","exp":1}"#)]
    #[case("[]")]
    #[case("{")]
    fn claims_that_are_not_whole_are_none(#[case] text: &str) {
        assert_eq!(claims(text), None);
    }

    #[test]
    fn too_many_attributes_and_what_is_no_token_at_all_are_refused_alike() {
        let large = format!(r#"{{"sub":"u","exp":1,"attributes":{{"a":"{}"}}}}"#, "x".repeat(8_000));
        assert_eq!(claims(&large), None);
        let whole = jwt(HS256, r#"{"sub":"u","exp":1}"#);
        for odd in [
            "",
            ".",
            "..",
            "a.b",
            "a.b.c",
            "a.b.c.d",
            &format!("{whole}="),
            &format!("{whole}.x"),
            &whole.replace('.', ""),
        ] {
            assert_eq!(statement(odd).unwrap_err().code() as u16, 4003, "{odd}");
        }
    }
}
