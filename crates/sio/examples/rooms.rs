//! A chat of a few lines: `join` a room, `say` something to it, everybody there hears `said`.
//!
//! ```text
//! cargo run -p nodechat-sio --example rooms
//! ```
//! and in a page: `io('http://127.0.0.1:3000').emit('join', 'tea', (err, people) => …)`.

use std::convert::Infallible;
use std::time::Duration;

use nodechat_sio::{Config, Connect, ConnectError, Event, Handler, Io, Reason, ServeOptions, Socket, serve};
use serde_json::{Value, json};
use tokio::net::TcpListener;

struct Rooms;

impl Handler for Rooms {
    /// The name that a visitor gave.
    type Data = String;

    async fn connect(&self, request: &Connect<'_>) -> Result<String, ConnectError> {
        let name = request.auth::<Value>().and_then(|auth| Some(auth["name"].as_str()?.to_owned()));
        name.or_else(|| request.query("name").map(Into::into))
            .ok_or_else(|| ConnectError::with_data("a name is needed", json!({"code": "name"})))
    }

    async fn event(&self, socket: &Socket<Self>, mut event: Event) {
        let answer = match event.name() {
            "join" => event.arg(0).map(|room: String| join(socket, &room)),
            "say" => event.args().map(|(room, words): (String, String)| say(socket, &room, &words)),
            _ => Ok(json!([{"error": "unknown event"}])),
        };
        let answer = answer.unwrap_or_else(|error| json!([{"error": error.to_string()}]));
        if let Some(ack) = event.take_ack() {
            ack.send(&answer).expect("JSON can be written as JSON");
        }
    }

    fn disconnected(&self, socket: &Socket<Self>, reason: Reason) {
        for room in socket.joined() {
            tell(socket, &room, "left", &json!([socket.data(), reason.as_str()]));
        }
    }
}

fn join(socket: &Socket<Rooms>, room: &str) -> Value {
    socket.join(room);
    tell(socket, room, "joined", &json!([socket.data()]));
    json!([null, room])
}

fn say(socket: &Socket<Rooms>, room: &str, words: &str) -> Value {
    if !socket.in_room(room) {
        return json!([{"error": "join the room first"}]);
    }
    tell(socket, room, "said", &json!([room, socket.data(), words]));
    json!([null, true])
}

fn tell(socket: &Socket<Rooms>, room: &str, event: &str, args: &Value) {
    socket.to(room).emit(event, args).expect("JSON can be written as JSON");
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let io = Io::new(Config::default(), Rooms);
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let (app, last) = (io.clone(), io);
    let service = tower::service_fn(move |request| {
        let io = app.clone();
        async move { Ok::<_, Infallible>(io.call(request).await) }
    });
    serve(listener, service, ServeOptions::default(), async move {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for a signal, stopping");
        }
        last.shutdown(Duration::from_secs(5)).await;
    })
    .await;
    Ok(())
}
