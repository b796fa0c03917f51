//! Work orders on the wire: the documented `fault`, and the event that tells a visitor of one.

use nodechat_domain::model::{ImagePath, Name, Order, OrderKind, Words};
use nodechat_domain::{Error, Result};
use serde::Serialize;

use super::{Params, WireZone};

/// One of `fault/list` (contract B4).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault<'a> {
    fault_id: String,
    title: &'a str,
    describe: &'a str,
    /// Empty where there is none.
    fault_pic_url1: &'a str,
    fault_pic_url2: &'a str,
    fault_pic_url3: &'a str,
    fault_pic_url4: &'a str,
    feedback_conten: &'a str,
    state: &'static str,
    submit_time: String,
    submitter: &'a str,
}

/// Event `order`: a work order has changed for its visitor.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderEvent<'a> {
    fault_id: String,
    companyid: &'a str,
    title: &'a str,
    state: &'static str,
    feedback_conten: &'a str,
    submitter: &'a str,
    time: i64,
}

impl<'a> Fault<'a> {
    pub fn new(order: &'a Order, zone: &WireZone) -> Self {
        let details = &order.details;
        let picture = |place: usize| details.pictures.get(place).map_or("", ImagePath::as_str);
        Self {
            fault_id: order.id.to_string(),
            title: details.title.as_str(),
            describe: details.describe.as_str(),
            fault_pic_url1: picture(0),
            fault_pic_url2: picture(1),
            fault_pic_url3: picture(2),
            fault_pic_url4: picture(3),
            feedback_conten: &order.feedback,
            state: order.state.name(),
            submit_time: zone.text(order.created),
            submitter: order.submitter.as_str(),
        }
    }
}

impl<'a> From<&'a Order> for OrderEvent<'a> {
    fn from(order: &'a Order) -> Self {
        Self {
            fault_id: order.id.to_string(),
            companyid: order.company.as_str(),
            title: order.details.title.as_str(),
            state: order.state.name(),
            feedback_conten: &order.feedback,
            submitter: order.submitter.as_str(),
            time: order.updated,
        }
    }
}

/// What `fault/add` says about the matter.
pub fn fault(params: &Params, zone: &WireZone) -> Result<nodechat_domain::model::Details> {
    let required_name = |key: &'static str| Name::parse(key, params.required(key)?);
    let picture = |key: &'static str| params.text(key)?.map(|path| image(key, path)).transpose();
    let pictures = [
        picture("faultPicUrl1")?,
        picture("faultPicUrl2")?,
        picture("faultPicUrl3")?,
        picture("faultPicUrl4")?,
    ];
    nodechat_domain::model::Details {
        title: required_name("title")?,
        phone: required_name("phone")?,
        describe: Words::parse("describe", params.required("describe")?)?,
        kind: OrderKind::parse(params.required("businessType")?)?,
        discovered: Some(zone.moment("discoveryTime", params.required("discoveryTime")?)?),
        pictures: pictures.into_iter().flatten().collect(),
    }
    .checked()
}

fn image(key: &'static str, path: &str) -> Result<ImagePath> {
    ImagePath::parse(path).map_err(|_| Error::invalid(key, "no such image was uploaded"))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use nodechat_domain::model::{AccountId, CompanyId, Details, OrderId, OrderState};

    use super::*;

    const PICTURE: &str = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png";

    fn zone() -> WireZone {
        WireZone(TimeZone::get("Asia/Shanghai").unwrap())
    }

    fn order() -> Order {
        let details = Details {
            pictures: vec![ImagePath::parse(PICTURE).unwrap()],
            ..Details::new(
                Name::parse("title", "打印机").unwrap(),
                Words::parse("describe", "冒烟了").unwrap(),
                OrderKind::parse("repair").unwrap(),
            )
        };
        Order {
            id: OrderId::parse("0191d8b0-7c1e-7aaa-8bbb-0123456789ab").unwrap(),
            company: CompanyId::parse("c1").unwrap(),
            details,
            submitter: AccountId::parse("u1").unwrap(),
            room: None,
            chat: None,
            state: OrderState::InProgress,
            owner: None,
            feedback: "明天来".into(),
            created: 1_538_209_333_516,
            updated: 1_538_209_400_000,
            lines: 3,
        }
    }

    #[test]
    fn a_fault_has_the_documented_fields() {
        let json = serde_json::to_string(&Fault::new(&order(), &zone())).unwrap();
        assert_eq!(
            json,
            format!(
                r#"{{"faultId":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","title":"打印机","describe":"冒烟了","faultPicUrl1":"{PICTURE}","faultPicUrl2":"","faultPicUrl3":"","faultPicUrl4":"","feedbackConten":"明天来","state":"in_progress","submitTime":"2018-09-29 16:22:13","submitter":"u1"}}"#
            )
        );
    }

    #[test]
    fn the_event_says_what_has_become_of_it() {
        let json = serde_json::to_string(&OrderEvent::from(&order())).unwrap();
        assert_eq!(
            json,
            r#"{"faultId":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","companyid":"c1","title":"打印机","state":"in_progress","feedbackConten":"明天来","submitter":"u1","time":1538209400000}"#
        );
    }

    #[test]
    fn a_fault_is_read_as_it_is_documented() {
        let whole = [
            ("title", "t"),
            ("phone", "p"),
            ("describe", "d"),
            ("businessType", "b"),
            ("discoveryTime", "2018-11-08 12:00:00"),
            ("faultPicUrl2", PICTURE),
        ];
        let read = |left_out: &str, instead: Option<&str>| {
            let mut params = Params::default();
            for (key, value) in whole.iter().filter(|(key, _)| *key != left_out) {
                params.set(key, value);
            }
            if let Some(value) = instead {
                params.set(left_out, value);
            }
            fault(&params, &zone()).map_err(|error| error.code() as u16)
        };
        let details = read("", None).unwrap();
        assert_eq!(details.pictures.len(), 1);
        assert_eq!(zone().text(details.discovered.unwrap()), "2018-11-08 12:00:00");
        for key in ["title", "phone", "describe", "businessType", "discoveryTime"] {
            assert_eq!(read(key, None).unwrap_err(), 4001, "{key}");
        }
        for (key, value) in [
            ("discoveryTime", "yesterday"),
            ("faultPicUrl2", "../x.png"),
            ("title", "a\nb"),
            ("phone", "a\tb"),
        ] {
            assert_eq!(read(key, Some(value)).unwrap_err(), 4002, "{key}");
        }
    }
}
