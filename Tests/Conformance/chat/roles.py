# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Who may do what in a room, as a table."""

from chat.case import ChatCase

PEOPLE = ("owner", "moderator", "member", "reader", "stranger", None)
YES, NO = 200, 403
# What is done, and whether each of PEOPLE may. 401: say first who you are. 404: who may not see a room learns as much as if it were not
# there.
TABLE = [
    ("GET", "", None, (YES, YES, YES, YES, 404, 401)),
    ("GET", "/messages", None, (YES, YES, YES, YES, 404, 401)),
    ("GET", "/events", None, (YES, YES, YES, YES, 404, 401)),
    ("GET", "/members", None, (YES, YES, YES, YES, 404, 401)),
    ("GET", "/pins", None, (YES, YES, YES, YES, 404, 401)),
    ("POST", "/messages", {"content": "x"}, (201, 201, 201, NO, 404, 401)),
    ("POST", "/typing", {}, (YES, YES, YES, NO, 404, 401)),
    ("PUT", "/read", {"messageId": "{room}-1"}, (YES, YES, YES, YES, 404, 401)),
    ("PATCH", "", {"about": "x"}, (YES, YES, NO, NO, 404, 401)),
    ("GET", "/invites", None, (YES, YES, NO, NO, 404, 401)),
    ("PUT", "/messages/1/pin", None, (YES, YES, NO, NO, 404, 401)),
    ("PUT", "/mutes/target", {}, (YES, YES, NO, NO, 404, 401)),
    ("PUT", "/bans/target", {}, (YES, YES, NO, NO, 404, 401)),
    ("DELETE", "/members/target", None, (YES, YES, NO, NO, 404, 401)),
    ("DELETE", "/messages/1", None, (YES, YES, NO, NO, 404, 401)),
    ("PATCH", "/messages/1", {"content": "x"}, (NO, NO, NO, NO, 404, 401)),
    ("PATCH", "/members/target", {"role": "moderator"}, (YES, NO, NO, NO, 404, 401)),
    ("GET", "/export", None, (YES, NO, NO, NO, 404, 401)),
]


class Roles(ChatCase):
    def test_each_role_may_what_the_table_says(self):
        wrong = []
        for number, (method, path, body, expected) in enumerate(TABLE):
            for place, (person, status) in enumerate(zip(PEOPLE, expected)):
                room = f"r{number}-{place}"
                self.make_room(room, moderator="moderator", member="member", reader="reader", target="member")
                self.say("target", room, "one")
                body_here = body and {name: value.replace("{room}", room) for name, value in body.items()}
                answer = self.ask(person, f"rooms/{room}{path}", method, body_here)
                if answer.status != status:
                    wrong.append(f"{method} {path} by {person}: {answer.status} {answer.code}, not {status}")
        self.assertEqual(wrong, [])

    def test_the_last_owner_does_not_leave_a_room_without_one(self):
        self.make_room("kept", member="member")
        self.assertEqual(self.ask("owner", "rooms/kept/leave", "POST", {}).code, "conflict")

    def test_a_link_lets_in_as_many_as_it_says_and_none_once_it_is_revoked(self):
        self.make_room("linked")
        invite = self.ask("owner", "rooms/linked/invites", "POST", {"uses": 1}).json["invite"]
        self.assertEqual(self.ask("ann", "rooms/linked/join", "POST", {}).status, 404)
        self.assertEqual(self.ask("ann", "rooms/linked/join", "POST", {"invite": invite}).status, 200)
        self.assertIn(self.ask("bob", "rooms/linked/join", "POST", {"invite": invite}).status, (403, 404))
        other = self.ask("owner", "rooms/linked/invites", "POST", {}).json["invite"]
        self.assertEqual(self.ask("owner", f"rooms/linked/invites/{other}", "DELETE").status, 200)
        self.assertIn(self.ask("bob", "rooms/linked/join", "POST", {"invite": other}).status, (403, 404))
