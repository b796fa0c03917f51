//! Who may see which room and name which upload.

use crate::error::{Error, Result};
use crate::model::{Company, Person, Realm, RoomId, Sender, Side, Upload, Users};

/// Whether this person may enter the room of this company. A visitor only its own rooms, an agent
/// those of its company. `company` is the room's, none when there is no such company.
pub fn may_enter(person: &Person, room: &RoomId, company: Option<&Company>) -> Result<()> {
    let own_room = match person.side {
        Side::Visitor => room.aid() == person.aid.as_str(),
        Side::Agent => true,
    };
    let own_company = company.is_some_and(|company| match &person.realm {
        Realm::Company(own) => {
            *own == company.id && (person.side == Side::Agent || company.users == Users::Own)
        }
        Realm::Platform => company.users == Users::Platform,
    });
    let same_company = company.is_some_and(|company| company.id.as_str() == room.company());
    if own_room && own_company && same_company { Ok(()) } else { Err(Error::Forbidden) }
}

/// Whether a message of this sender in this room may name this upload: it was uploaded for the
/// room's company, or by the sender in person.
pub fn may_name(upload: &Upload, sender: &Sender, realm: &Realm, room: &RoomId) -> bool {
    let for_company = matches!(&upload.realm, Realm::Company(company) if company.as_str() == room.company());
    for_company || (upload.realm == *realm && upload.by == sender.aid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, CompanyId, Name};

    fn person(side: Side, realm: Realm, aid: &str) -> Person {
        Person {
            side,
            realm,
            aid: AccountId::parse(aid).unwrap(),
            mid: Name::default(),
            account: Name::default(),
            nick: Name::default(),
            attributes: None,
        }
    }

    fn company(id: &str, users: Users) -> Company {
        Company { users, ..Company::new(CompanyId::parse(id).unwrap(), Name::default()) }
    }

    fn of(id: &str) -> Realm {
        Realm::Company(CompanyId::parse(id).unwrap())
    }

    fn room(text: &str) -> RoomId {
        RoomId::parse(text).unwrap()
    }

    #[rstest::rstest]
    #[case::own_room(Side::Visitor, of("c1"), Users::Own, "/U2S_ann#c1", true)]
    #[case::other_visitors_room(Side::Visitor, of("c1"), Users::Own, "/U2S_bob#c1", false)]
    #[case::same_aid_other_company(Side::Visitor, of("c2"), Users::Own, "/U2S_ann#c1", false)]
    #[case::platform_visitor(Side::Visitor, Realm::Platform, Users::Platform, "/U2S_ann#c1", true)]
    #[case::platform_visitor_of_own_users(Side::Visitor, Realm::Platform, Users::Own, "/U2S_ann#c1", false)]
    #[case::own_visitor_of_platform_users(Side::Visitor, of("c1"), Users::Platform, "/U2S_ann#c1", false)]
    #[case::agent(Side::Agent, of("c1"), Users::Own, "/U2S_bob#c1", true)]
    #[case::agent_of_platform_company(Side::Agent, of("c1"), Users::Platform, "/U2S_bob#c1", true)]
    #[case::foreign_agent(Side::Agent, of("c2"), Users::Own, "/U2S_bob#c1", false)]
    fn only_its_own_rooms_open(
        #[case] side: Side,
        #[case] realm: Realm,
        #[case] users: Users,
        #[case] name: &str,
        #[case] opens: bool,
    ) {
        let who = person(side, realm, "ann");
        assert_eq!(may_enter(&who, &room(name), Some(&company("c1", users))).is_ok(), opens);
        assert!(may_enter(&who, &room(name), None).is_err());
        assert!(may_enter(&who, &room(name), Some(&company("c3", users))).is_err());
    }
}
