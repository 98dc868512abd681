# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""People edit one document with unmodified editors."""

import random
import time
import urllib.request

from clients.link import Link
from documents.editors import EditorsCase
from support.server import eventually

SEED = 20261122


class Editing(EditorsCase):
    def test_what_one_writes_all_have(self):
        one, other = self.synced(), self.synced()
        one.insert(text="hello ")
        other.insert(text="world ")
        eventually(lambda: sorted(one.text().split()) == ["hello", "world"])
        self.assert_same(one, other)

    def test_what_was_written_before_the_connection_was_there_is_merged(self):
        self.synced().insert(text="server ")
        late = self.editor()
        late.insert(text="offline ")
        other = self.synced()
        eventually(lambda: sorted(other.text().split()) == ["offline", "server"])
        self.assert_same(late, other)

    def test_documents_of_other_names_are_others(self):
        one = self.synced()
        one.insert(text="here")
        for name in (self.document + "2", self.document + "/a", self.document.replace("pad", "Pad"), "public/ニ と é"):
            other = self.synced(name)
            self.assertEqual(other.text(), "", name)
        self.assertEqual(one.text(), "here")

    def test_people_see_each_other_and_see_who_has_gone(self):
        one, other = self.synced(), self.synced()
        one.show(state="Aki")
        other.show(state="Bo")
        late = self.synced()
        for editor in (one, other, late):
            eventually(lambda: editor.shown() == ["Aki", "Bo"])
        other.close()
        eventually(lambda: one.shown() == ["Aki"], timeout=2, what="Bo being gone")
        eventually(lambda: late.shown() == ["Aki"], timeout=2, what="Bo being gone")

    def test_who_was_cut_off_is_gone_within_two_seconds_and_comes_back(self):
        with Link(self.server.port) as link:
            one, cut = self.synced(), self.synced(port=link.port)
            one.show(state="Aki")
            cut.show(state="Bo")
            eventually(lambda: one.shown() == ["Aki", "Bo"])
            link.down()
            eventually(lambda: one.shown() == ["Aki"], timeout=2, what="Bo being gone")
            cut.insert(text="written offline")
            link.up()
            eventually(lambda: one.shown() == ["Aki", "Bo"], what="Bo being back")
            self.assert_same(one, cut)

    def test_random_edits_of_all_kinds_through_cuts_come_to_one_document(self):
        chance = random.Random(SEED)
        with Link(self.server.port) as link:
            editors = [self.synced(port=link.port) for _ in range(5)]
            for number in range(60):
                chance.choice(editors).random(edits=chance.randint(1, 20), seed=chance.randint(1, 2**31))
                what = chance.random()
                if what < 0.15:
                    link.cut()
                elif what < 0.3:
                    chance.choice(editors).cut()
                elif what < 0.5:
                    chance.choice(editors).connect()
                time.sleep(chance.uniform(0, 0.05))
            for editor in editors:
                editor.connect()
            late = self.synced()
            state = self.assert_same(*editors, late, timeout=30)
            self.assertGreater(len(state["clocks"]), 3)

    def test_metrics_say_what_is_open(self):
        self.synced().insert(text="x")
        page = urllib.request.urlopen(self.server.url + "/metrics", timeout=5).read().decode()
        self.assertRegex(page, r"(?m)^hibiki_documents_open [1-9]")
        self.assertRegex(page, r"(?m)^hibiki_document_users [1-9]")

    def test_a_stop_of_the_server_tells_editors_to_come_back(self):
        server = type(self.server)().start()
        self.addCleanup(server.close)
        editor = self.editor(port=server.port)
        eventually(editor.is_synced)
        self.assertTrue(server.stop())
        eventually(lambda: editor.status()["closes"])
        self.assertEqual(editor.status()["closes"][0][0], 1012)
