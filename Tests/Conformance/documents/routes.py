# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Documents over HTTP: what back ends do with them, beside people who edit."""

import base64
import json
import urllib.error
import urllib.parse
import urllib.request

from documents.editors import EditorsCase
from server_api.case import make_key
from support.server import eventually


class Routes(EditorsCase):
    @classmethod
    def setUpClass(cls):
        cls.key, line = make_key("documents", "publish,read,manage", "documents/**")
        cls.arguments = ["--api-key", line]
        super().setUpClass()

    def ask(self, path="", method="GET", body=None, key=None, document=None):
        """(status, body) of a request about this test's document."""
        name = urllib.parse.quote(document or self.document, safe="")
        request = urllib.request.Request(f"{self.server.url}/v1/documents/{name}{path}", body, method=method)
        if body is not None:
            request.add_header("Content-Type", "application/octet-stream")
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def json(self, *arguments, **details):
        status, body = self.ask(*arguments, **details)
        self.assertIn(status, (200, 201), body)
        return json.loads(body)

    def test_programs_read_what_people_write(self):
        editor = self.synced()
        editor.insert(text="hello ニ")
        editor.random(edits=40, seed=7)
        state = editor.state()
        reader = self.synced()
        self.assert_same(editor, reader)
        self.assertEqual(self.ask("/content?name=text")[1].decode(), state["plain"])
        self.assertEqual(self.json("/content?name=map&as=map"), state["map"])
        self.assertEqual(self.json("/content?name=list&as=array"), state["list"])
        self.assertEqual(self.ask("/content?name=xml&as=xml")[1].decode(), state["xml"])
        joined = "".join(run["insert"] for run in self.json("/content?name=rich&as=delta"))
        self.assertEqual(joined, "".join(run["insert"] for run in state["text"]))

    def test_a_document_is_taken_from_one_name_to_another(self):
        for form in ("v1", "v2"):
            editor = self.synced()
            editor.random(edits=60, seed=11)
            eventually(lambda: self.ask()[0] == 200)
            self.assert_same(editor, self.synced())
            status, state = self.ask(f"/state?format={form}")
            self.assertEqual(status, 200)
            copy = f"{self.document}-{form}"
            self.assertEqual(self.json(f"?format={form}", "PUT", state, document=copy)["document"], copy)
            self.assert_same(editor, self.synced(copy))
            self.assertEqual(self.ask(f"?format={form}", "PUT", state, document=copy)[0], 409)

    def test_people_see_what_a_program_writes(self):
        source = self.synced(self.document + "-source")
        source.insert(text="from a program")
        eventually(lambda: self.ask(document=self.document + "-source")[0] == 200)
        _, update = self.ask("/state", document=self.document + "-source")
        editor = self.synced()
        self.assertEqual(self.ask("/updates", "POST", update), (204, b""))
        eventually(lambda: editor.text() == "from a program")

    def test_a_replica_gets_what_it_lacks(self):
        editor = self.synced()
        editor.insert(text="x" * 1_000)
        eventually(lambda: self.ask()[0] == 200)
        vector = bytes([1, *self.number(editor.status()["client"]), *self.number(1_000)])
        encoded = base64.urlsafe_b64encode(vector).rstrip(b"=").decode()
        self.assertGreater(len(self.ask("/state")[1]), 1_000)
        self.assertEqual(self.ask(f"/state?vector={encoded}"), (200, b"\0\0"))

    @staticmethod
    def number(value):
        data = bytearray()
        while value > 0x7F:
            data.append(0x80 | value & 0x7F)
            value >>= 7
        return bytes(data) + bytes([value])

    def test_documents_are_listed_page_by_page_and_deleted(self):
        for number in range(5):
            self.json("", "PUT", b"", document=f"{self.document}/{number}")
        names, cursor = [], ""
        while True:
            prefix = urllib.parse.quote(self.document + "/", safe="")
            request = urllib.request.Request(
                f"{self.server.url}/v1/documents?limit=2&prefix={prefix}{cursor}",
                headers={"Authorization": f"Bearer {self.key}"})
            page = json.load(urllib.request.urlopen(request, timeout=5))
            names += [each["document"] for each in page["documents"]]
            if "cursor" not in page:
                break
            cursor = "&cursor=" + page["cursor"]
        self.assertEqual(names, [f"{self.document}/{number}" for number in range(5)])
        gone = f"{self.document}/3"
        editor = self.synced(gone)
        editor.insert(text="x")
        self.assertEqual(self.ask("", "DELETE", key=self.key, document=gone), (204, b""))
        eventually(lambda: editor.status()["closes"])
        self.assertEqual(editor.status()["closes"][0], [4511, "the document was deleted"])
        editor.close()
        self.assertEqual(self.ask("", "DELETE", key=self.key, document=f"{self.document}/none")[0], 404)

    def test_what_is_wrong_is_refused(self):
        self.json("", "PUT", b"")
        rows = [
            ("/updates", "POST", b"\x01\x02", 400), ("/updates", "POST", b"", 400), ("/state?format=v3", "GET", None, 400),
            ("/state?vector=*", "GET", None, 400), ("/content", "GET", None, 400), ("/content?name=none", "GET", None, 404),
            ("/content?name=text&as=word", "GET", None, 400), ("", "DELETE", None, 401),
        ]
        for path, method, body, status in rows:
            with self.subTest(path):
                self.assertEqual(self.ask(path, method, body)[0], status)
        self.assertEqual(self.ask(document="public/not-there")[0], 404)
        self.assertEqual(self.ask(document="x" * 201)[0], 400)
        self.assertIn(self.ask(document="secret/pad")[0], (401, 403))
