# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Connection state recovery: private ids, offsets as last arguments, and the replay that follows the reply."""

from __future__ import annotations

from socketio_wire.case import QUICK, WireCase
from socketio_wire.handshakes import SID
from socketio_wire.travellers import NEVER_GIVEN, RecoveryCase, Traveller
from support.rawsocketio import SocketClient, compact, placeholder
from support.rows import rows


class Offsets(RecoveryCase):
    def test_the_reply_to_connect_has_a_private_id(self):
        client = self.opened(SocketClient.websocket(self.port))
        reply = client.connect()
        self.assertEqual(list(reply), ["sid", "pid"])
        self.assertRegex(reply["pid"], SID)
        self.assertNotEqual(reply["pid"][:16], reply["sid"][:16])

    def test_every_event_has_its_offset_as_last_argument(self):
        client = self.client()
        offsets = [client.greeting.data[-1]]
        client.ask("join", "news")
        for number in range(50):
            self.say(number)
            name, value, offset = client.event()
            self.assertEqual((name, value), ("said", number))
            offsets.append(offset)
        client.emit("message", 1)
        self.assertEqual(client.event()[:2], ["message-back", 1])
        self.assertTrue(all(isinstance(offset, str) and offset for offset in offsets))
        self.assertEqual(len(set(offsets)), len(offsets))

    def test_all_members_of_a_room_get_the_same_offset(self):
        members = [self.member("same"), self.member("same")]
        self.say(1, room="same")
        # The first of them has heard the second one's first message too.
        while members[0].client.event()[1] != 1:
            pass
        members[1].hear(["said", 1])

    def test_an_event_with_attachments_has_its_offset_behind_them(self):
        member = self.member()
        self.speaker.send("51-" + compact(["say", "news", placeholder(0)]), b"\x01")
        header = member.client.read()
        self.assertRegex(header, r'^51-\["said",\{"_placeholder":true,"num":0\},"[^"]+"\]$')
        self.assertEqual(member.client.read(), b"\x01")

    def test_an_event_that_wants_an_ack_has_no_offset(self):
        client = self.client()
        client.emit("ask-me", "question", 1)
        self.assertEqual(client.message().data, ["question", 1])

    def test_an_ack_has_no_offset(self):
        client = self.client()
        client.send('27["message-with-ack",1]')
        self.assertEqual(client.read(), "37[1]")

    def test_a_volatile_event_has_no_offset(self):
        member = self.member()
        self.speaker.emit("broadcast", {"to": ["news"], "volatile": True}, "note", 1)
        self.assertEqual(member.client.event(), ["note", 1])


class Recovery(RecoveryCase):
    def test_missed_events_come_once_in_order_after_the_reply(self):
        member = self.member()
        self.cut(member)
        for number in range(100):
            self.say(number)
        self.settle()
        replayed, reply, client = self.back(member.pid, member.offset)
        self.assertEqual([event[:2] for event in replayed], [["said", number] for number in range(100)])
        self.assertTrue(all(isinstance(event[2], str) for event in replayed))
        self.assertEqual(reply["sid"], member.sid)
        identity = client.ask("whoami")[0]
        self.assertIs(identity["recovered"], True)
        self.assertEqual(set(identity["rooms"]), {member.sid, "news"})
        self.say("live")
        self.assertEqual(client.event()[:2], ["said", "live"])

    def test_nothing_missed_is_recovered_too(self):
        member = self.member()
        self.cut(member)
        replayed, reply, _ = self.back(member.pid, member.offset)
        self.assertEqual((replayed, reply["sid"]), ([], member.sid))

    def test_missed_attachments_come_with_their_events(self):
        member = self.member()
        self.cut(member)
        self.speaker.send("52-" + compact(["say", "news", placeholder(0), placeholder(1)]), b"\x01", b"\x02\x03")
        self.settle()
        replayed, _, _ = self.back(member.pid, member.offset)
        self.assertEqual([event[:3] for event in replayed], [["said", b"\x01", b"\x02\x03"]])

    def test_a_client_that_comes_back_over_polling_recovers(self):
        member = self.member()
        self.cut(member)
        self.say("missed")
        self.settle()
        replayed, reply, _ = self.back(member.pid, member.offset, polling=True)
        self.assertEqual([event[:2] for event in replayed], [["said", "missed"]])
        self.assertEqual(reply["sid"], member.sid)

    def test_a_polling_client_that_aborts_recovers(self):
        traveller = Traveller(self.opened(SocketClient.polling(self.port)))
        traveller.client.ask("join", "news")
        traveller.client.engine.hang().close()
        self.await_gone(traveller.sid)
        self.say("missed")
        self.settle()
        replayed, reply, _ = self.back(traveller.pid, traveller.offset)
        self.assertEqual([event[:2] for event in replayed], [["said", "missed"]])
        self.assertEqual(reply["sid"], traveller.sid)

    def test_a_session_without_events_recovers(self):
        client = self.opened(SocketClient.websocket(self.port))
        reply = client.connect("/admin", {"token": "ok"})
        client.engine.connection.reset()
        self.settle()
        for _ in range(50):     # nothing tells when the server has noticed: `/admin` has no watchers
            again = self.opened(SocketClient.websocket(self.port))
            if again.connect("/admin", {"pid": reply["pid"], "token": "ok"})["sid"] == reply["sid"]:
                return
        self.fail("the session was not recovered")

    def test_a_client_that_heard_nothing_gets_everything(self):
        traveller = Traveller(self.opened(SocketClient.websocket(self.port)))
        self.cut(traveller)
        self.say("for you", room=traveller.sid)
        self.settle()
        replayed, reply, _ = self.back(traveller.pid)
        self.assertEqual([event[:2] for event in replayed], [["auth", {}], ["said", "for you"]])
        self.assertEqual(reply["sid"], traveller.sid)

    def test_an_offset_in_the_middle_replays_the_rest(self):
        member = self.member()
        offsets = []
        for number in range(4):
            self.say(number)
            offsets.append(member.client.event()[-1])
        self.cut(member)
        self.say(4)
        self.settle()
        replayed, _, _ = self.back(member.pid, offsets[1])
        self.assertEqual([event[1] for event in replayed], [2, 3, 4])

    def test_only_what_was_for_the_client_is_replayed(self):
        member = self.member()
        self.cut(member)
        self.say("elsewhere", room="other")
        self.speaker.ask("broadcast", {"to": ["news", "other"]}, "note", "both")
        self.speaker.ask("broadcast", {"except": ["news"]}, "note", "not here")
        self.speaker.ask("broadcast", {"except": ["other"]}, "note", "here")
        self.speaker.ask("broadcast", {"to": ["news"], "volatile": True}, "note", "volatile")
        replayed, _, _ = self.back(member.pid, member.offset)
        self.assertEqual([event[:2] for event in replayed], [["note", "both"], ["note", "here"]])

    def test_a_volatile_event_does_not_spoil_the_recovery(self):
        member = self.member()
        self.speaker.ask("broadcast", {"to": ["news"], "volatile": True}, "note", "text at the end")
        # It ends with a position, because clients take any string at the end for one.
        *event, offset = member.client.event()
        self.assertEqual(event, ["note", "text at the end"])
        member.offset = offset
        self.cut(member)
        self.say("missed")
        self.settle()
        replayed, reply, _ = self.back(member.pid, member.offset)
        self.assertEqual([event[:2] for event in replayed], [["said", "missed"]])
        self.assertEqual(reply["sid"], member.sid)

    def test_a_client_may_be_cut_again_and_again(self):
        member = self.member()
        pid, offset = member.pid, member.offset
        for number in range(5):
            member.client.engine.connection.reset()
            self.await_gone(member.sid)
            self.say(number)
            self.settle()
            replayed, reply, member.client = self.back(pid, offset)
            self.assertEqual([event[:2] for event in replayed if event[0] == "said"], [["said", number]])
            self.assertEqual(reply["sid"], member.sid)
            pid, offset = reply["pid"], self.last_offset(member.client, replayed)

    def last_offset(self, client, replayed):
        """The offset of the newest event, the greeting of the recovered socket included."""
        client.emit("message", "mark")
        while True:
            event = client.event()
            if event[:2] == ["message-back", "mark"]:
                return event[-1]

    def test_a_private_id_restores_once(self):
        member = self.member()
        self.cut(member)
        _, reply, first = self.back(member.pid, member.offset)
        self.assertEqual(reply["sid"], member.sid)
        self.assert_new(member.pid, member.offset, member.sid)
        first.ask("whoami")

    def test_of_those_that_come_back_at_once_one_is_recovered(self):
        member = self.member()
        self.cut(member)
        clients = [self.opened(SocketClient.websocket(self.port)) for _ in range(4)]
        for client in clients:
            client.send("0" + compact({"pid": member.pid, "offset": member.offset}))
        sids = [client.message().data["sid"] for client in clients]
        self.assertEqual(sids.count(member.sid), 1)
        self.assertEqual(len(set(sids)), 4)

    def test_the_session_of_a_client_that_is_there_is_not_taken(self):
        member = self.member()
        self.assert_new(member.pid, member.offset, member.sid)
        self.say("still here")
        member.hear(["said", "still here"])

    @rows({
        "a private id that was never given starts anew": (NEVER_GIVEN, None),
        "a private id of another form starts anew": ("short", None),
        "a private id that is no string starts anew": (7, None),
        "an offset that was never given starts anew": (None, NEVER_GIVEN),
        "an offset that is no string starts anew": (None, 7),
        "an empty offset starts anew": (None, ""),
    })
    def unknown(self, pid, offset):
        member = self.member()
        self.cut(member)
        replayed, reply, client = self.back(pid or member.pid, member.offset if offset is None else offset)
        self.assertEqual(replayed, [])
        self.assertNotEqual(reply["sid"], member.sid)
        self.assertIs(client.ask("whoami")[0]["recovered"], False)

    @rows({
        "a client that left is not recovered": "1",
        "a client that the server disconnected is not recovered": '2["disconnect-me",false]',
        "a client that the server disconnected and closed is not recovered": '2["disconnect-me",true]',
    })
    def not_recovered(self, packet):
        member = self.member()
        member.client.send(packet)
        self.await_gone(member.sid)
        self.assert_new(member.pid, member.offset, member.sid)

    def test_a_client_that_sent_rubbish_to_the_engine_is_not_recovered(self):
        member = self.member()
        member.client.engine.send("abc")
        self.await_gone(member.sid)
        self.assert_new(member.pid, member.offset, member.sid)

    @rows({
        "a client that broke the rules of the packets is recovered": "2[]",
        "a client that connected twice is recovered": "0",
    })
    def recovered(self, packet):
        member = self.member()
        member.client.send(packet)
        self.await_gone(member.sid)
        _, reply, _ = self.back(member.pid, member.offset)
        self.assertEqual(reply["sid"], member.sid)

    def test_the_auth_of_a_client_that_comes_back_is_its_own(self):
        member = self.member()
        self.cut(member)
        _, reply, client = self.back(member.pid, member.offset, token="new")
        self.assertEqual(reply["sid"], member.sid)
        self.assertEqual(client.ask("whoami")[0]["auth"]["token"], "new")


class RecoveryAfterSilence(RecoveryCase):
    flags = ("--recovery", *QUICK)

    def test_a_client_that_timed_out_is_recovered(self):
        traveller = Traveller(self.opened(SocketClient.websocket(self.port)))
        self.await_gone(traveller.sid)
        _, reply, _ = self.back(traveller.pid, traveller.offset)
        self.assertEqual(reply["sid"], traveller.sid)

    def test_a_client_that_knows_sooner_of_a_loss_takes_its_session_over(self):
        traveller = Traveller(self.opened(SocketClient.websocket(self.port)))
        while traveller.client.engine.packet() != "2":
            pass
        _, reply, _ = self.back(traveller.pid, traveller.offset)
        self.assertEqual(reply["sid"], traveller.sid)
        self.assert_closes(traveller.client.engine)


class WithoutRecovery(WireCase):
    def test_a_private_id_means_nothing_where_recovery_is_off(self):
        client = self.opened(SocketClient.websocket(self.port))
        reply = client.connect("/", {"pid": NEVER_GIVEN, "offset": NEVER_GIVEN})
        self.assertEqual(list(reply), ["sid"])
        self.assertNotEqual(reply["sid"], NEVER_GIVEN)
        client.emit("message", 1)
        self.assertEqual(client.read(), '2["message-back",1]')
