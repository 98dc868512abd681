# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Who may do what, in production."""

import unittest

from support.server import Server
from tokens.keys import Folder, token
from uploads.case import TUS, Uploader, text


class Owners(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = Folder()
        cls.server = Server(
            "--production", "--token-secret-file", cls.keys.secret(), "--uploads-quota", "1000", "--uploads-unfinished", "3"
        ).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.close()
        cls.keys.close()

    def setUp(self):
        self.ann, self.bob = (
            Uploader(self.server.port, token(f"{name}-{self.id()}")) for name in ("ann", "bob"))
        self.nobody = Uploader(self.server.port)

    def test_nobody_uploads_without_a_name(self):
        answer = self.nobody.create(5)
        self.assertEqual((answer.status, answer.error_code()), (401, "authentication_required"))

    def test_to_others_an_upload_does_not_exist(self):
        path = self.ann.upload(text(10))
        unfinished = self.ann.begin(10)
        for answer in (
            self.bob.download(path), self.bob.ask("GET", path), self.bob.ask("HEAD", unfinished, TUS),
            self.bob.patch(unfinished, 0, b"x"), self.bob.ask("DELETE", path, TUS), self.bob.ask("POST", f"{path}/link"),
        ):
            self.assertEqual(answer.status, 404)
        self.assertEqual(self.nobody.download(path).status, 401)
        self.assertEqual(self.ann.download(path).status, 200)

    def test_a_signed_link_stands_for_a_token(self):
        content = text(10)
        path = self.ann.upload(content)
        url = self.ann.ask("POST", f"{path}/link").json()["url"]
        self.assertEqual(self.nobody.ask("GET", url).body, content)
        self.assertEqual(self.ann.ask("DELETE", path, TUS).status, 204)
        self.assertEqual(self.nobody.ask("GET", url).status, 404)

    def test_a_quota_counts_what_is_announced(self):
        path = self.ann.begin(600)
        answer = self.ann.create(401)
        self.assertEqual((answer.status, answer.error_code()), (413, "quota_exceeded"))
        self.assertEqual(self.bob.create(401).status, 201)
        self.assertEqual(self.ann.create(400).status, 201)
        listed = self.ann.ask("GET", "/v1/uploads").json()
        self.assertEqual((listed["files"], listed["bytes"], listed["limit"]), (2, 1000, 1000))
        self.assertEqual(self.ann.ask("DELETE", path, TUS).status, 204)
        self.assertEqual(self.ann.create(600).status, 201)

    def test_only_some_uploads_may_be_unfinished(self):
        for _ in range(3):
            self.assertEqual(self.ann.create(1).status, 201)
        answer = self.ann.create(1)
        self.assertEqual((answer.status, answer.error_code()), (429, "limit_exceeded"))
