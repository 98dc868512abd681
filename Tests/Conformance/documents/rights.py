# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Who may read a document, and who may write it: by rules and tokens for its topic."""

from documents.editors import EditorsCase
from support.server import eventually
from tokens.keys import Folder, token


class Rights(EditorsCase):
    @classmethod
    def setUpClass(cls):
        folder = Folder()
        cls.addClassCleanup(folder.close)
        cls.arguments = [
            "--token-secret-file", folder.secret(), "--token-refresh", "1", "--permission",
            "role:reader subscribe documents/**", "--permission", "role:writer all documents/**"]
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.document = self.document.replace("public/", "secret/")

    def as_role(self, role, **claims):
        return self.editor(params={"access_token": token(sub=role, roles=[role], **claims)})

    def test_whoever_may_publish_to_its_topic_writes_and_whoever_may_subscribe_reads(self):
        writer, reader = self.as_role("writer"), self.as_role("reader")
        eventually(writer.is_synced)
        eventually(reader.is_synced)
        writer.insert(text="for all")
        eventually(lambda: reader.text() == "for all")
        reader.insert(text=" mine")
        eventually(lambda: reader.status()["denied"] == ["you may read this document, and not write it"])
        self.assertEqual(writer.text(), "for all")

    def test_a_reader_is_seen(self):
        writer, reader = self.as_role("writer"), self.as_role("reader")
        reader.show(state="Rei")
        eventually(lambda: writer.shown() == ["Rei"])

    def test_whoever_may_not_read_is_told_so_and_gets_nothing(self):
        self.as_role("writer").insert(text="secret")
        stranger = self.as_role("stranger")
        eventually(lambda: stranger.status()["closes"])
        status = stranger.status()
        self.assertEqual(status["closes"][0], [4510, "you may not read this document"])
        self.assertIn("you may not read this document", status["denied"])
        self.assertFalse(status["synced"])
        self.assertEqual(stranger.text(), "")

    def test_nobody_writes_where_only_people_with_tokens_may(self):
        nobody = self.editor()
        eventually(lambda: nobody.status()["closes"])
        self.assertEqual(nobody.status()["closes"][0][0], 4510)

    def test_a_token_that_runs_out_ends_the_connection(self):
        editor = self.as_role("writer", ttl=2)
        eventually(editor.is_synced)
        eventually(lambda: editor.status()["closes"], timeout=15)
        self.assertEqual(editor.status()["closes"][0][0], 4002)
