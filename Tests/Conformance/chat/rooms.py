# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Rooms with socket.io-client in Node: scripts/ in programs of their own."""

import json
import pathlib
import sys

from chat.case import ChatCase, ask
from clients.bundles import place
from socketio_clients.players import SCRIPTS as LOADER
from support.lines import Lines

HERE = pathlib.Path(__file__).resolve().parent
WWW = pathlib.Path(sys.prefix).parent / "www"


class Rooms(ChatCase):
    def play(self, scenario, **setting):
        bundle = place(WWW, "4.8.1")
        setting = json.dumps({"url": self.server.url, "bundle": str(bundle), **setting})
        with Lines("node", "-r", LOADER / "globals.cjs", HERE / "scripts" / "rooms.mjs", scenario, setting) as lines:
            while (line := lines.next(timeout=60)) != "done":
                if line is None:
                    self.fail("\n" + "\n".join(lines.seen[:-1]))

    def guests(self, *names):
        return [ask(f"{self.server.url}/v1/guests", "POST", {"name": name}).json for name in names]

    def test_people_meet_in_a_room_write_type_and_read(self):
        """socket.io-client: two guests meet in a room, write, type, read, and leave"""
        for namespace in ("/chat", "/"):
            with self.subTest(namespace=namespace):
                ann, bob = self.guests("Ann", "Bob")
                room = "lobby" + str(len(namespace))
                self.play("meeting", namespace=namespace, room=room, people=[ann, bob])

    def test_a_client_that_was_away_hears_what_it_has_missed_when_it_joins_again(self):
        """socket.io-client: a client that was away asks for what it has missed, and misses nothing"""
        ann, bob = self.guests("Ann", "Bob")
        self.play("absence", namespace="/chat", room="absent", people=[ann, bob])
