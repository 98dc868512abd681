# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Opens many WebSockets as streams of HTTP/2 (RFC 8441) and holds them until standard input ends; pings are answered. It
prints one line when all are open. `hold.py --http2` starts it."""

import argparse
import json
import selectors
import socket
import ssl
import struct
import sys

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_HEADERS, ACK = 4, 1
INITIAL_WINDOW_SIZE = 4
WINDOW = (1 << 31) - 1
SOURCES = 250
# What stands for `:status: 200` in the static table (RFC 7541, appendix A), as an indexed field
STATUS_200 = 0x88


def frame(kind, flags=0, stream=0, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def literal(name, value):
    """A field that is not indexed (RFC 7541 §6.2.2); both texts are shorter than 127 bytes."""
    return bytes((0, len(name))) + name + bytes((len(value),)) + value


UPGRADE = b"".join(
    literal(name, value) for name, value in (
        (b":method", b"CONNECT"), (b":protocol", b"websocket"), (b":scheme", b"https"), (b":path", b"/ws"),
        (b":authority", b"127.0.0.1"), (b"sec-websocket-version", b"13"),
    )
)  # fmt: skip


class Failure(Exception):
    """The server did something that it should not."""


class Carrier:
    """One connection with its streams."""

    def __init__(self, port, index, streams):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", port), source_address=(f"127.0.0.{2 + index % SOURCES}", 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(plain)
        self.buffer = bytearray()
        self.open = 0
        settings = struct.pack(">HI", INITIAL_WINDOW_SIZE, WINDOW)
        requests = (frame(HEADERS, END_HEADERS, 2 * number + 1, UPGRADE) for number in range(streams))
        self.socket.sendall(
            PREFACE + frame(SETTINGS, payload=settings) + frame(8, payload=(WINDOW - 65_535).to_bytes(4, "big"))
        )
        self.wait_for_settings()
        self.handle()
        self.send(b"".join(requests))
        self.socket.setblocking(False)

    def wait_for_settings(self):
        """A client may ask for a WebSocket when the server has said that it takes such requests (RFC 8441 §3); the answer
        to that goes out before the requests."""
        while len(self.buffer) < 9 or len(self.buffer) < 9 + int.from_bytes(self.buffer[:3], "big"):
            self.buffer += self.socket.recv(65_536) or self.fail("end of stream")

    def fail(self, words):
        raise Failure(words)

    def send(self, data):
        self.socket.setblocking(True)
        self.socket.sendall(data)
        self.socket.setblocking(False)

    def receive(self):
        while True:
            try:
                data = self.socket.recv(65_536)
            except ssl.SSLWantReadError:
                break
            if not data:
                raise Failure("the server ended a connection")
            self.buffer += data
        self.handle()

    def handle(self):
        answers = bytearray()
        while len(self.buffer) >= 9:
            length = int.from_bytes(self.buffer[:3], "big")
            if len(self.buffer) < 9 + length:
                break
            kind, flags = self.buffer[3], self.buffer[4]
            stream = int.from_bytes(self.buffer[5:9], "big")
            payload = bytes(self.buffer[9:9 + length])
            del self.buffer[:9 + length]
            if kind == HEADERS:
                if STATUS_200 not in payload[:4]:
                    raise Failure(f"stream {stream} was refused: {payload!r}")
                self.open += 1
            elif kind == DATA:
                answers += self.pongs(stream, payload)
            elif kind in (SETTINGS, PING) and not flags & ACK:
                answers += frame(kind, ACK, payload=payload if kind == PING else b"")
            elif kind in (RST_STREAM, GOAWAY):
                raise Failure(f"the server ended stream {stream} with {payload!r}")
        if answers:
            self.send(answers)

    @staticmethod
    def pongs(stream, payload):
        """Answers to the pings among whole frames of WebSocket (RFC 6455 §5.2), masked with zeros."""
        answers = b""
        while payload:
            length, start = payload[1], 2
            if length == 126:
                length, start = int.from_bytes(payload[2:4], "big"), 4
            opcode, content, payload = payload[0] & 15, payload[start:start + length], payload[start + length:]
            if opcode == 8:
                raise Failure(f"stream {stream} was closed: {content!r}")
            if opcode == 9:
                answers += bytes((0x8A, 0x80 | len(content))) + bytes(4) + content
        return frame(DATA, 0, stream, answers) if answers else b""


def run(options):
    poll = selectors.DefaultSelector()
    carriers = []
    left = options.connections
    while left:
        streams = min(left, options.streams)
        carrier = Carrier(options.port, len(carriers), streams)
        left -= streams
        carriers.append(carrier)
        carrier.receive()
        poll.register(carrier.socket, selectors.EVENT_READ, carrier)
    told = False
    poll.register(sys.stdin, selectors.EVENT_READ)
    while True:
        if not told and sum(carrier.open for carrier in carriers) == options.connections:
            print(json.dumps({"connections": options.connections, "carriers": len(carriers)}), flush=True)
            told = True
        for key, _ in poll.select():
            if key.data is None:
                return
            key.data.receive()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=50_000)
    parser.add_argument("--streams", type=int, default=100, help="of each connection of HTTP/2 (%(default)s)")
    try:
        run(parser.parse_args())
    except (Failure, OSError) as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
