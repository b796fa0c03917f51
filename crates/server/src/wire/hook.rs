//! What a webhook's receiver is sent: `{type, timestamp, data}`, in the wire's words.

use jiff::Timestamp;
use nodechat_domain::model::desk::Rate;
use nodechat_domain::model::{Delivery, Message as Said, Subject};
use nodechat_hooks::Wording;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Message, rate_name};

pub struct HookWording;

#[derive(Serialize)]
struct Body<'a, T> {
    r#type: &'a str,
    /// RFC 3339, in UTC.
    timestamp: String,
    companyid: &'a str,
    data: T,
}

#[derive(Serialize)]
struct SaidIn<'a> {
    roomid: &'a str,
    message: Message<'a>,
}

impl Wording for HookWording {
    fn body(&self, delivery: &Delivery, message: Option<&Said>) -> Box<[u8]> {
        let json = match (&delivery.subject, message) {
            (Subject::Message { room, .. }, Some(message)) => {
                write(delivery, SaidIn { roomid: room.as_str(), message: Message(message) })
            }
            (Subject::Facts(facts), _) => write(delivery, in_wire_words(facts)),
            // Nobody asks for it without the message.
            (Subject::Message { .. }, None) => write(delivery, RawValue::NULL),
        };
        json.expect("texts, numbers and what was JSON before").into()
    }
}

fn write<T: Serialize>(delivery: &Delivery, data: T) -> serde_json::Result<Vec<u8>> {
    let time = Timestamp::from_millisecond(delivery.time).unwrap_or(Timestamp::UNIX_EPOCH);
    let timestamp = format!("{time:.3}");
    serde_json::to_vec(&Body {
        r#type: &delivery.kind,
        timestamp,
        companyid: delivery.company.as_str(),
        data,
    })
}

/// The domain's words for the wire's, in the order in which they were written.
fn in_wire_words(facts: &str) -> Map<String, Value> {
    let facts: Map<String, Value> = serde_json::from_str(facts).unwrap_or_default();
    let in_wire_words = |(key, value): (String, Value)| match key.as_str() {
        "rate" => (String::from("rateresult"), rating(&value).into()),
        "way" => (String::from("ratetype"), value.as_str().map(str::to_uppercase).into()),
        key => (wire_word(key).to_owned(), value),
    };
    facts.into_iter().map(in_wire_words).collect()
}

/// Ratings are numbered in the order of [`Rate::ALL`].
fn rating(number: &Value) -> Option<&'static str> {
    let place = usize::try_from(number.as_u64()?).ok()?;
    Rate::ALL.get(place).map(|rate| rate_name(*rate))
}

fn wire_word(word: &str) -> &str {
    match word {
        "room" => "roomid",
        "consultation" => "chatid",
        "visitor" => "userid",
        "agent" => "csid",
        "other_agent" => "othercsid",
        "group" => "groupid",
        "order" => "faultId",
        "order_kind" => "businessType",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{
        AccountId, Body as Words, CompanyId, DeliveryState, Facts, MessageId, Name, NoticeId, RoomId, Sender,
        Side, Text, WebhookId,
    };

    use super::*;

    fn delivery(kind: &str, subject: Subject) -> Delivery {
        Delivery {
            number: 1,
            company: CompanyId::parse("c1").unwrap(),
            webhook: WebhookId::at(1, [0; 10]),
            notice: NoticeId::of(1, &[]),
            kind: kind.into(),
            time: 1_538_209_333_516,
            subject,
            state: DeliveryState::Waiting,
            attempts: 0,
            first_due: 0,
            due: 0,
            tried: None,
            status: None,
            failure: None,
        }
    }

    fn text(body: Box<[u8]>) -> String {
        String::from_utf8(body.into()).unwrap()
    }

    #[test]
    fn what_happened_is_said_in_the_wires_words() {
        let facts = Facts::default().text("order", "o1").text("visitor", "u1").number("wait_ms", 7);
        let told = delivery("order.created", Subject::Facts(facts.json().into()));
        assert_eq!(
            text(HookWording.body(&told, None)),
            r#"{"type":"order.created","timestamp":"2018-09-29T08:22:13.516Z","companyid":"c1","data":{"faultId":"o1","userid":"u1","wait_ms":7}}"#
        );
    }

    #[test]
    fn a_rating_is_told_in_words() {
        let facts = Facts::default().text("way", "hand").number("rate", 2);
        let told = delivery("rating.given", Subject::Facts(facts.json().into()));
        assert!(
            text(HookWording.body(&told, None))
                .ends_with(r#""data":{"rateresult":"JUSTSOSO","ratetype":"HAND"}}"#)
        );
    }

    #[test]
    fn a_message_is_told_as_sockets_hear_it() {
        let room = RoomId::parse("/U2S_u1#c1").unwrap();
        let message = Said {
            id: MessageId::parse("0191d8b0-7c1e-7aaa-8bbb-0123456789ab").unwrap(),
            pos: 7,
            sender: Sender {
                side: Side::Visitor,
                aid: AccountId::parse("u1").unwrap(),
                mid: Name::default(),
                nick: Name::parse("nick", "安").unwrap(),
            },
            time: 1_538_209_333_516,
            body: Words::Text(Text::parse("你好").unwrap()),
            quote: None,
        };
        let told = delivery("message.created", Subject::Message { room, pos: 7 });
        assert_eq!(
            text(HookWording.body(&told, Some(&message))),
            r#"{"type":"message.created","timestamp":"2018-09-29T08:22:13.516Z","companyid":"c1","data":{"roomid":"/U2S_u1#c1","message":{"id":"0191d8b0-7c1e-7aaa-8bbb-0123456789ab","pos":7,"type":"usermsg","mtype":"text","aid":"u1","mid":"","nick":"安","time":1538209333516,"msg":"你好"}}}"#
        );
    }
}
