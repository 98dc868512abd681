# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Many packets from one client, before and after it has joined: each with a cap, and nobody else notices."""

from __future__ import annotations

import threading

from socketio_attacks.case import MEGABYTE, TargetAttack
from support.rawclient import Ended
from support.rawengine import SOCKETS
from support.rawsocketio import SocketClient, compact, placeholder
from support.rawwebsocket import TEXT, Close, frame

BATCH = 1000


class PacketFloods(TargetAttack):
    # Of what would be several hundred, if all that a client sends were taken at once. How much it is depends on how fast the
    # machine gets through what has been taken.
    memory = 128 * MEGABYTE

    def pour(self, client: SocketClient, packets) -> None:
        """Sends packets in large writes while all that comes back is read and dropped, until all is sent or closed."""
        reader = threading.Thread(target=self.drain, args=(client,), daemon=True)
        reader.start()
        batch = bytearray()
        for number, packet in enumerate(packets, 1):
            batch += frame(TEXT, b"4" + packet.encode())
            if number % BATCH == 0:
                if not client.engine.connection.try_send(bytes(batch)):
                    break
                batch.clear()
        client.engine.connection.try_send(bytes(batch))
        self.assert_neighbour_served()
        client.engine.connection.finish_sending()
        reader.join(10)
        self.assertFalse(reader.is_alive(), "the connection was not ended")

    def drain(self, client: SocketClient) -> None:
        client.engine.connection.socket.settimeout(10)
        try:
            while not isinstance(client.engine.read_message(), Close):
                pass
        except (Ended, OSError):
            pass

    def test_fifty_thousand_unknown_namespaces_before_any_connect(self):
        client = SocketClient(self.websocket(SOCKETS))
        self.pour(client, (f"0/ns{number}," for number in range(50_000)))

    def test_a_connect_with_a_payload_of_a_megabyte(self):
        client = self.opened(SocketClient.websocket(self.port))
        auth = {"token": "x" * 999_900}
        client.connect("/", auth)
        self.assertEqual(client.greeting.data, ["auth", auth])

    def test_a_connect_with_deeply_nested_json(self):
        client = SocketClient(self.websocket(SOCKETS))
        client.send("0" + '{"a":' * 100_000 + "1" + "}" * 100_000)
        self.assertEqual(self.assert_ended(client.engine), [])

    def test_an_event_with_deeply_nested_json(self):
        client = self.client()
        client.send('2["message",' + "[" * 400_000 + "]" * 400_000 + "]")
        self.assertEqual(self.assert_ended(client.engine), [])

    def test_a_hundred_thousand_rooms(self):
        self.pour(self.client(), (f'2["join","room-{number}"]' for number in range(100_000)))

    def test_a_hundred_thousand_questions_that_are_never_answered(self):
        self.pour(self.client(), ('2["ask-me","question",1]' for _ in range(100_000)))

    def test_a_hundred_thousand_messages_on_one_session(self):
        self.pour(self.client(), (f'2["message-with-ack",{number}]' for number in range(100_000)))

    def test_a_hundred_thousand_acks_that_nobody_asked_for(self):
        self.pour(self.client(), (f"3{number}[]" for number in range(100_000)))

    def test_joining_and_leaving_fifty_thousand_times(self):
        self.pour(self.client(), (packet for _ in range(50_000) for packet in ("1", "0")))

    def test_a_client_that_asks_for_much_and_reads_nothing_is_bounded(self):
        client = self.opened(SocketClient.joined(self.port, slow=True))
        packet = frame(TEXT, ('42["message","' + "x" * 60_000 + '"]').encode())
        client.engine.connection.socket.settimeout(0.5)
        for _ in range(2000):       # 120 MB of answers, or until the server has had enough
            if not client.engine.connection.try_send(packet):
                break

    def test_a_poller_that_never_polls_is_bounded(self):
        session = self.opened(SocketClient.polling(self.port))
        session.connect()
        body = ['42["message","' + "x" * 900_000 + '"]']
        for _ in range(150):        # 135 MB of answers, or until the server has had enough
            try:
                if session.engine.post(*body).status != 200:
                    break
            except Ended:
                break


class Attachments(TargetAttack):
    memory = 48 * MEGABYTE

    def test_ten_million_announced_attachments_close_at_once(self):
        client = self.client()
        client.send('59999999-["x",' + compact(placeholder(0)) + "]")
        self.assertEqual(self.assert_ended(client.engine), [])

    def test_attachments_before_any_connect_close_at_once(self):
        client = SocketClient(self.websocket(SOCKETS))
        client.send('59-["x",' + compact(placeholder(0)) + "]")
        self.assertEqual(self.assert_ended(client.engine), [])

    def test_attachments_to_a_connect_close(self):
        client = SocketClient(self.websocket(SOCKETS))
        client.send("51-/custom,[]", b"\x01")
        self.assertEqual(self.assert_ended(client.engine), [])

    def test_binary_without_end_that_nobody_announced_closes(self):
        client = self.client()
        for _ in range(100):
            if not client.engine.connection.try_send(frame(2, b"x" * 900_000)):
                break
        with self.assertRaises(Ended):
            while not isinstance(client.engine.read_message(), Close):
                pass
            raise Ended("closed")

    def test_many_clients_that_never_send_their_attachments(self):
        part = b"x" * 50_000
        for _ in range(100):
            self.client().send('510-["message",' + compact(placeholder(0)) + "]", *[part] * 9)
        self.assert_neighbour_served()

    def test_an_event_of_no_attachments_keeps_nothing(self):
        for header in ('50-["message","x"]', '5-["message","x"]'):
            client = self.client()
            client.send(header)
            self.assertEqual(client.event(), ["message-back", "x"])
            client.send('2["message","after"]')
            self.assertEqual(client.event(), ["message-back", "after"])
            client.send(header)
            self.assertEqual(client.event(), ["message-back", "x"])
            client.send(b"\x01")
            self.assertEqual(self.assert_ended(client.engine), [])
