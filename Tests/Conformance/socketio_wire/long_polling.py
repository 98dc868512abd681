# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Long polling: bodies, what may not be asked at the same time, how sessions end, JSON-P, compression."""

from __future__ import annotations

import gzip
import json
import zlib

from socketio_wire.case import WireCase
from support.rawclient import Connection, Ended, request_bytes
from support.rawengine import ENGINE, SOCKETS, Polling, target
from support.rawsocketio import SocketClient
from support.rows import rows
from support.server import eventually

ROUND_TRIPS = {
    "one text packet comes back": ["4hello"],
    "an empty text comes back": ["4"],
    "several text packets come back in one answer": ["4one", "4two", "4three"],
    "a binary packet comes back in base64": [bytes(range(256))],
    "an empty binary packet comes back": [b""],
    "text and binary come back in their order": ["4hello", b"\x01\x02\x03\x04", "4", b"\xff"],
    "characters beyond ASCII come back": ["4é€😀\u0000\u2028"],
    "a combining mark after a separator does not hide it": ["4a", "4\u0301b"],
}

BROKEN = {
    "a packet of an unknown type ends the session": b"abc",
    "an empty packet ends the session": b"4a\x1e\x1e4b",
    "an empty body ends the session": b"",
    "a separator at the end ends the session": b"4a\x1e",
    "base64 with a wrong letter ends the session": b"bAQ!DBA==",
    "a body that is not UTF-8 ends the session": b"4\xff\xfe",
}

IGNORED = {
    "an open packet of the client is passed over": "0{}",
    "an upgrade packet over polling is passed over": "5",
    "a noop of the client is passed over": "6",
    "a pong that nobody asked for is passed over": "3",
}


class Bodies(WireCase):
    @rows(ROUND_TRIPS)
    def come_back(self, packets):
        session = self.polling()
        response = session.post(*packets)
        self.assertEqual((response.status, response.body), (200, b"ok"))
        received = []
        while len(received) < len(packets):
            received += session.poll()
        self.assertEqual(received, packets)

    def test_the_answer_to_a_post_is_ok_as_text_html(self):
        response = self.polling().post("4hello")
        self.assertEqual((response.status, response.body), (200, b"ok"))
        self.assertEqual(response.header("content-type"), "text/html")
        self.assertEqual(response.header("content-length"), "2")
        self.assertEqual(response.header("cache-control"), "no-store")

    def test_the_answer_to_a_poll_is_plain_text_that_is_not_kept(self):
        session = self.polling()
        session.send("4hello")
        response = session.get()
        self.assertEqual((response.status, response.body), (200, b"4hello"))
        self.assertEqual(response.header("content-type"), "text/plain; charset=UTF-8")
        self.assertEqual(response.header("cache-control"), "no-store")
        self.assertEqual(response.header("content-length"), "6")

    def test_a_poll_waits_until_there_is_something_to_say(self):
        session = self.polling()
        with session.hang() as hanging:
            session.send("4hello")
            self.assertEqual(hanging.read_response().body, b"4hello")

    def test_a_whole_session_may_stay_on_one_connection(self):
        with Connection(self.port) as connection:
            session = Polling(self.port, ENGINE, "4", connection.request("GET", target(ENGINE)))
            for number in range(20):
                body = f"4{number}".encode()
                self.assertEqual(connection.request("POST", session.target(), (), body).body, b"ok")
                self.assertEqual(connection.request("GET", session.target()).body, body)

    def test_a_chunked_post_is_read_whole(self):
        session = self.polling()
        chunked = b"2\r\n4h\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n"
        self.assertEqual(session.request("POST", chunked, (("Transfer-Encoding", "chunked"),)).body, b"ok")
        self.assertEqual(session.poll(), ["4hello"])

    @rows(IGNORED)
    def passed_over(self, packet):
        session = self.polling()
        session.send(packet, "4after")
        self.assertEqual(session.receive(), "4after")

    @rows(BROKEN)
    def breaks(self, body):
        session = self.polling()
        try:
            self.assertEqual(session.request("POST", body).status, 400)
        except Ended:
            pass    # the original ends the connection instead
        self.assert_unknown(session)

    @rows({"a ping of the client over polling ends the session": "2",
           "a probe of the client over polling ends the session": "2probe"})
    def wrong_direction(self, packet):
        session = self.polling()
        try:
            self.assertIn(session.post(packet).status, (200, 400))
        except Ended:
            pass
        self.assert_unknown(session)

    def test_what_stands_before_a_broken_packet_is_delivered(self):
        listener = self.client()
        listener.ask("join", "before")
        client = self.opened(SocketClient.polling(self.port))
        client.connect()
        try:
            client.engine.post('42["say","before","heard"]', "abc")
        except Ended:
            pass
        self.assertEqual(listener.event(), ["said", "heard"])
        self.assert_unknown(client.engine)

    def test_a_binary_body_is_answered_400_and_ends_the_session(self):
        session = self.polling()
        response = session.request("POST", b"\x04\x01\x02", (("Content-Type", "application/octet-stream"),))
        self.assertEqual(response.status, 400)
        self.assert_unknown(session)


class AtTheSameTime(WireCase):
    def test_a_second_poll_is_answered_400_and_the_first_learns_of_the_end(self):
        session = self.polling()
        with session.hang() as hanging:
            second = session.get()
            self.assertEqual((second.status, second.body), (400, b""))
            first = hanging.read_response()
            self.assertEqual((first.status, first.body), (200, b"1"))
        self.assert_unknown(session)

    def test_a_second_post_is_answered_400_and_the_first_is_cut(self):
        session = self.polling()
        with Connection(self.port) as first:
            first.send(request_bytes("POST", session.target(), first.host, (("Content-Length", "10"),)) + b"4hel")
            session.settle(first)
            second = session.post("4other")
            self.assertEqual((second.status, second.body), (400, b""))
            self.assertTrue(first.ends_within(2), "the first post was left open")
        self.assert_unknown(session)

    def test_a_poll_and_a_post_may_be_under_way_together(self):
        session = self.polling()
        with session.hang() as hanging, Connection(self.port) as slow:
            slow.send(request_bytes("POST", session.target(), slow.host, (("Content-Length", "6"),)) + b"4he")
            session.settle(slow)
            slow.send(b"llo")
            self.assertEqual(slow.read_response().body, b"ok")
            self.assertEqual(hanging.read_response().body, b"4hello")

    @rows({f"{method} within a session is answered 500 and changes nothing": method
           for method in ("PUT", "DELETE", "PATCH")})
    def other_method(self, method):
        session = self.polling()
        response = session.request(method, b"")
        self.assertEqual((response.status, response.body), (500, b""))
        self.assert_echoes(session)

    def test_a_client_that_aborts_its_poll_ends_the_session(self):
        session = self.polling()
        session.hang().close()
        eventually(lambda: not session.is_known(), timeout=2, what="the end of the session")
        self.assert_unknown(session)

    def test_a_client_that_aborts_its_post_ends_the_session(self):
        session = self.polling()
        with Connection(self.port) as connection:
            connection.send(request_bytes("POST", session.target(), connection.host, (("Content-Length", "10"),)))
            session.settle(connection)
        eventually(lambda: session.get().status == 400, timeout=2, what="the end of the session")


class Endings(WireCase):
    def test_a_client_that_says_goodbye_gets_a_noop_on_its_hanging_poll(self):
        session = self.polling()
        with session.hang() as hanging:
            self.assertEqual(session.post("1").body, b"ok")
            answer = hanging.read_response()
            self.assertEqual((answer.status, answer.body), (200, b"6"))
        self.assert_unknown(session)

    def test_a_goodbye_without_a_hanging_poll_ends_the_session_too(self):
        session = self.polling()
        self.assertEqual(session.post("1").body, b"ok")
        self.assert_unknown(session)

    def test_the_server_says_goodbye_on_the_hanging_poll(self):
        client = self.opened(SocketClient.polling(self.port))
        client.connect()
        with client.engine.hang() as hanging:
            client.emit("disconnect-me", True)
            came = hanging.read_response().body.decode().split("\x1e")
        if came[-1] != "1":
            came += client.engine.poll()
        self.assertEqual(came, ["41", "1"])
        self.assert_unknown(client.engine)

    def test_a_goodbye_of_the_server_waits_for_the_next_poll(self):
        client = self.opened(SocketClient.polling(self.port))
        client.connect()
        client.send('2["message","last words"]', '2["disconnect-me",true]')
        came = client.engine.poll()
        if came[-1] != "1":
            came += client.engine.poll()
        self.assertEqual(came, ['42["message-back","last words"]', "41", "1"])
        self.assert_unknown(client.engine)


class JSONP(WireCase):
    def test_the_handshake_is_a_call_of_a_function(self):
        with Connection(self.port) as connection:
            response = connection.request("GET", target(SOCKETS, j="7"))
        body = response.body.decode()
        self.assertEqual(response.header("content-type"), "text/plain; charset=UTF-8")
        self.assertTrue(body.startswith('___eio[7]("0{\\"sid\\":\\"') and body.endswith('");'), body)
        json.loads(json.loads(body[len("___eio[7]("):-2])[1:])

    def session(self):
        with Connection(self.port) as connection:
            body = connection.request("GET", target(ENGINE, j="0")).body.decode()
        return json.loads(json.loads(body[len("___eio[0]("):-2])[1:])["sid"]

    def exchange(self, form):
        sid = self.session()
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        with Connection(self.port) as connection:
            posted = connection.request("POST", target(ENGINE, sid=sid, j="0"), headers, form)
            self.assertEqual((posted.status, posted.body), (200, b"ok"))
            return connection.request("GET", target(ENGINE, sid=sid, j="1")).body.decode()

    def test_a_form_is_a_payload(self):
        self.assertEqual(self.exchange(b"d=4h%C3%A9llo+you%1e4x"), '___eio[1]("4h\u00e9llo you\\u001e4x");')

    def test_line_separators_do_not_end_the_string(self):
        body = self.exchange("d=4a\u2028b".encode())
        self.assertIn(body, ('___eio[1]("4a\\u2028b");',))

    def test_only_the_digits_of_the_index_are_used(self):
        with Connection(self.port) as connection:
            body = connection.request("GET", target(ENGINE, j="1];alert(2)//")).body.decode()
        self.assertTrue(body.startswith('___eio[12]("0{'), body[:60])


class Compression(WireCase):
    LONG = "4" + "compressible " * 200

    def answer(self, text, accepted):
        session = self.polling()
        session.send(text)
        return session.get(headers=(("Accept-Encoding", accepted),))

    def test_a_long_answer_is_compressed_with_gzip_where_the_client_takes_it(self):
        response = self.answer(self.LONG, "gzip, deflate")
        self.assertEqual(response.header("content-encoding"), "gzip")
        self.assertEqual(gzip.decompress(response.body).decode(), self.LONG)

    def test_a_long_answer_is_compressed_with_deflate_where_the_client_takes_only_that(self):
        response = self.answer(self.LONG, "deflate")
        self.assertEqual(response.header("content-encoding"), "deflate")
        self.assertEqual(zlib.decompress(response.body).decode(), self.LONG)

    @rows({
        "an encoding that the client does not take is not used": (LONG, "br"),
        "gzip with the weight 0 is not used": (LONG, "gzip;q=0"),
        "a short answer is not compressed": ("4" + "x" * 1022, "gzip"),
    })
    def plain(self, text, accepted):
        response = self.answer(text, accepted)
        self.assertIsNone(response.header("content-encoding"))
        self.assertEqual(response.body.decode(), text)
