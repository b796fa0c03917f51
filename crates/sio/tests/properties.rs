//! Parsers and writers, fed with what nobody would think of.

mod support;

use std::borrow::Cow;

use bytes::Bytes;
use nodechat_sio::engine::{Message, Packet, PayloadFormat, Protocol, decode_payload, encode_payload};
use nodechat_sio::ws::{Incoming, Opcode, Reader, Violation, frame};
use nodechat_sio::{PacketKind, RawPacket};
use proptest::prelude::*;

/// What a reader makes of a stream, given in pieces of these sizes.
fn read(stream: &[u8], sizes: &[usize], limit: usize) -> (Vec<(u8, Vec<u8>)>, Option<Violation>) {
    let mut reader = Reader::new(limit);
    let mut seen = Vec::new();
    let mut rest = stream;
    let mut sizes = sizes.iter().cycle();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((*sizes.next().unwrap_or(&rest.len())).clamp(1, rest.len()));
        rest = after;
        let mut piece = piece.to_vec();
        let mut input = &mut piece[..];
        loop {
            match reader.next(&mut input) {
                Ok(None) => break,
                Ok(Some(incoming)) => seen.push(match incoming {
                    Incoming::Text(text) => (1, text.into_owned().into_bytes()),
                    Incoming::Binary(bytes) => (2, bytes.into_owned()),
                    Incoming::Ping(bytes) => (9, bytes.into_owned()),
                    Incoming::Pong(bytes) => (10, bytes.into_owned()),
                    Incoming::Close(code) => (8, code.unwrap_or(0).to_be_bytes().to_vec()),
                }),
                Err(violation) => return (seen, Some(violation)),
            }
        }
    }
    (seen, None)
}

/// A message as frames, cut at these places, and what must be read.
fn message() -> impl Strategy<Value = (Vec<u8>, Vec<(u8, Vec<u8>)>)> {
    let payload = prop_oneof![
        any::<String>().prop_map(|text| (1u8, text.into_bytes())),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| (2, bytes)),
        proptest::collection::vec(any::<u8>(), 60_000..70_000).prop_map(|bytes| (2, bytes)),
    ];
    let cuts = proptest::collection::vec(any::<prop::sample::Index>(), 0..4);
    (payload, cuts, any::<bool>()).prop_map(|((opcode, payload), cuts, ping)| {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(payload.len() + 1)).collect();
        cuts.extend([0, payload.len()]);
        cuts.sort_unstable();
        let mut stream = Vec::new();
        let mut seen = Vec::new();
        let last = cuts.len() - 2;
        for (at, cut) in cuts.windows(2).enumerate() {
            let first = if at == 0 { opcode } else { 0 } | if at == last { 0x80 } else { 0 };
            stream.extend(support::frame(first, &payload[cut[0]..cut[1]]));
            if ping && at < last {
                stream.extend(support::frame(0x89, b"p"));
                seen.push((9, b"p".to_vec()));
            }
        }
        seen.push((opcode, payload));
        (stream, seen)
    })
}

proptest! {
    #[test]
    fn messages_are_read_the_same_in_any_pieces(
        messages in proptest::collection::vec(message(), 1..5),
        sizes in proptest::collection::vec(1usize..5_000, 1..6),
    ) {
        let (streams, seen): (Vec<_>, Vec<_>) = messages.into_iter().unzip();
        let stream = streams.concat();
        let whole = read(&stream, &[stream.len()], 1 << 20);
        prop_assert_eq!(&whole, &(seen.concat(), None));
        prop_assert_eq!(&read(&stream, &sizes, 1 << 20), &whole);
    }

    #[test]
    fn any_bytes_are_read_the_same_in_any_pieces(
        stream in proptest::collection::vec(any::<u8>(), 0..200),
        sizes in proptest::collection::vec(1usize..20, 1..6),
    ) {
        prop_assert_eq!(read(&stream, &sizes, 50), read(&stream, &[stream.len().max(1)], 50));
    }

    #[test]
    fn payloads_of_both_protocols_come_back(
        packets in proptest::collection::vec(
            prop_oneof![
                // The separator of protocol 4 cannot stand in a packet of that protocol.
                "[^\\x1e]*".prop_map(|text| (Opcode::Text, format!("4{text}").into_bytes())),
                proptest::collection::vec(any::<u8>(), 0..100).prop_map(|bytes| (Opcode::Binary, bytes)),
            ],
            1..6,
        ),
        v4: bool, binary: bool,
    ) {
        let protocol = if v4 { Protocol::V4 } else { Protocol::V3 };
        // Bytes that look like text encoded twice are read as clients 1.x mean them; JSON mode never writes such.
        let ambiguous = !v4 && packets.iter().any(|(opcode, data)| {
            *opcode == Opcode::Text && std::str::from_utf8(data).is_ok_and(|text| {
                !text.is_ascii() && text.chars().all(|char| u32::from(char) < 256)
            })
        });
        prop_assume!(!ambiguous);
        let frames: Vec<Bytes> = packets
            .iter()
            .map(|(opcode, data)| match (opcode, protocol) {
                (Opcode::Binary, Protocol::V3) => frame(*opcode, &[&[4], &data[..]].concat()),
                _ => frame(*opcode, data),
            })
            .collect();
        let (body, _) = encode_payload(&frames, PayloadFormat { protocol, binary, json: false });
        let decoded = decode_payload(&body, protocol).unwrap();
        let expected: Vec<Packet<'static>> = packets
            .into_iter()
            .map(|(opcode, data)| Packet::Message(match opcode {
                Opcode::Text => Message::Text(Cow::Owned(String::from_utf8(data[1..].to_vec()).unwrap())),
                _ => Message::Binary(Cow::Owned(data)),
            }))
            .collect();
        prop_assert_eq!(decoded, expected);
    }

    #[test]
    fn json_for_protocol_3_is_ascii_and_means_the_same(text: String) {
        let json = serde_json::to_string(&text).unwrap();
        let frames = [frame(Opcode::Text, format!("42[{json}]").as_bytes())];
        let (body, _) = encode_payload(&frames, PayloadFormat { protocol: Protocol::V3, binary: false, json: true });
        prop_assert!(body.is_ascii());
        let packets = decode_payload(&body, Protocol::V3).unwrap();
        let [Packet::Message(Message::Text(event))] = &packets[..] else { panic!("{packets:?}") };
        let (back,): (String,) = serde_json::from_str(&event[1..]).unwrap();
        prop_assert_eq!(back, text);
    }

    #[test]
    fn any_body_is_decoded_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_payload(&body, Protocol::V3);
        let _ = decode_payload(&body, Protocol::V4);
    }

    #[test]
    fn any_length_in_a_payload_is_decoded_or_refused(kind in 0u8..3, digits in "[0-9]{0,25}", rest: String) {
        let text = format!("{digits}:{rest}");
        let _ = decode_payload(text.as_bytes(), Protocol::V3);
        let mut binary = vec![kind];
        binary.extend(digits.bytes().map(|digit| digit - b'0'));
        binary.push(255);
        binary.extend(rest.bytes());
        let _ = decode_payload(&binary, Protocol::V3);
    }

    #[test]
    fn packets_are_split_where_they_were_joined(
        kind in prop_oneof![Just(2usize), Just(3), Just(5), Just(6)],
        attachments in 0usize..100,
        namespace in prop_oneof![Just("/".to_owned()), "/[a-z0-9#]{1,20}"],
        id in any::<u64>(),
        elements in proptest::collection::vec(any::<String>(), 1..4),
    ) {
        let kinds = [
            PacketKind::Connect, PacketKind::Disconnect, PacketKind::Event, PacketKind::Ack,
            PacketKind::ConnectError, PacketKind::BinaryEvent, PacketKind::BinaryAck,
        ];
        let data = serde_json::to_string(&elements).unwrap();
        let count = if kind >= 5 { format!("{attachments}-") } else { String::new() };
        let name = if namespace == "/" { String::new() } else { format!("{namespace},") };
        let text = format!("{kind}{count}{name}{id}{data}");
        let packet = RawPacket::parse(&text).unwrap();
        prop_assert_eq!(packet, RawPacket {
            kind: kinds[kind],
            attachments: if kind >= 5 { attachments } else { 0 },
            namespace: &namespace,
            id: Some(id),
            data: &data,
        });
    }

    #[test]
    fn any_text_is_a_packet_or_malformed(text: String) {
        let _ = RawPacket::parse(&text);
    }
}
