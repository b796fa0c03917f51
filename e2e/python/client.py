"""One connection made with python-socketio, driven over JSON lines: commands on standard input, what happens on standard output.

Commands: {"do": "emit", "call": n, "event": name, "args": [...], "namespace": ns} and {"do": "transport"} and {"do": "close"}.
Lines out: {"name": event, "args": [...]} · {"ack": n, "args": [...]} · {"transport": name}. Bytes travel as {"$bytes": base64}.
"""

import base64
import json
import sys
import threading
from urllib.parse import urlencode

import socketio

HEARD = ["session", "chat", "mkread", "auth", "message-back", "typing", "looking", "assign", "service", "presence", "recall", "note", "order", "wallboard", "stream"]
out_lock = threading.Lock()


def say(line):
    with out_lock:
        sys.stdout.write(json.dumps(line, default=packed) + "\n")
        sys.stdout.flush()


def packed(value):
    return {"$bytes": base64.b64encode(bytes(value)).decode()}


def unpacked(value):
    if isinstance(value, dict):
        if set(value) == {"$bytes"}:
            return base64.b64decode(value["$bytes"])
        return {key: unpacked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unpacked(item) for item in value]
    return value


def main():
    options = json.loads(sys.argv[1])
    namespace = options.get("namespace", "/")
    client = socketio.Client(reconnection=True, reconnection_delay=0.05, reconnection_delay_max=0.25, logger=False)

    for name in HEARD:
        client.on(name, lambda *args, name=name: say({"name": name, "args": args}), namespace=namespace)
    client.on("connect", lambda: say({"name": "connect", "args": []}), namespace=namespace)
    client.on("disconnect", lambda *reason: say({"name": "disconnect", "args": reason}), namespace=namespace)
    client.on("connect_error", lambda *cause: say({"name": "refused", "args": cause}), namespace=namespace)

    open_connection(client, options, namespace)
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "emit":
            call = command["call"]
            args = tuple(unpacked(item) for item in command["args"])
            client.emit(command["event"], args, namespace=namespace, callback=lambda *answer, call=call: say({"ack": call, "args": answer}))
        elif command["do"] == "transport":
            say({"transport": client.transport()})
        elif command["do"] == "close":
            break
    client.disconnect()


def open_connection(client, options, namespace):
    proof = {key: options[key] for key in ("ticket", "atype") if options.get(key) is not None}
    url, keywords = options["url"], {"transports": options["transports"], "namespaces": [namespace]}
    if options["version"].startswith("4."):
        url += "/?" + urlencode(proof)
    else:
        keywords["auth"] = proof
    try:
        client.connect(url, **keywords)
    except socketio.exceptions.ConnectionError as cause:
        say({"name": "connect_error", "args": [str(cause)]})


main()
