# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The requests of tus 1.0, answer by answer."""

import base64
import hashlib

from uploads.case import BYTES, TUS, UploadCase, metadata, text

HELLO = b"hello, world"


def checksum(algorithm, content):
    return ("Upload-Checksum", f"{algorithm} " + base64.b64encode(hashlib.new(algorithm, content).digest()).decode())


class Protocol(UploadCase):
    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.error_code()), (status, code), answer.body)
        self.assertEqual(answer.header("tus-resumable"), "1.0.0")

    def test_options_say_what_is_spoken(self):
        answer = self.uploader.ask("OPTIONS", "/v1/uploads")
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.header("tus-version"), "1.0.0")
        self.assertEqual(answer.header("tus-max-size"), str(1 << 30))
        self.assertEqual(
            answer.header("tus-extension"), "creation,creation-with-upload,termination,checksum,expiration")
        self.assertEqual(answer.header("tus-checksum-algorithm"), "sha256,sha1,md5")

    def test_a_page_of_another_origin_may_send_and_read_what_tus_has(self):
        answer = self.uploader.ask(
            "OPTIONS", "/v1/uploads", ("Origin", self.server.url), ("Access-Control-Request-Method", "POST"))
        self.assertIn("Upload-Offset", answer.header("access-control-allow-headers"))

    def test_an_upload_comes_in_pieces(self):
        path = self.uploader.begin(len(HELLO), metadata("a.txt"))
        answer = self.uploader.patch(path, 0, HELLO[:5])
        self.assertEqual((answer.status, answer.header("upload-offset")), (204, "5"))
        self.assertIsNotNone(answer.header("upload-expires"))
        answer = self.uploader.ask("HEAD", path, TUS)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.header("upload-offset"), "5")
        self.assertEqual(answer.header("upload-length"), str(len(HELLO)))
        self.assertEqual(answer.header("upload-metadata"), metadata("a.txt")[1])
        self.assertEqual(answer.header("cache-control"), "no-store")
        answer = self.uploader.patch(path, 5, HELLO[5:])
        self.assertEqual((answer.status, answer.header("upload-offset")), (204, str(len(HELLO))))
        self.assertIsNone(answer.header("upload-expires"))
        self.assertEqual(self.uploader.download(path).body, HELLO)
        described = self.uploader.ask("GET", path).json()
        self.assertEqual((described["name"], described["type"], described["state"]), ("a.txt", "text/plain", "ready"))

    def test_the_first_bytes_may_come_with_the_creation(self):
        answer = self.uploader.create(len(HELLO), body=HELLO[:3])
        self.assertEqual((answer.status, answer.header("upload-offset")), (201, "3"))
        path = answer.header("location")
        self.assertEqual(self.uploader.patch(path, 3, HELLO[3:]).status, 204)
        self.assertEqual(self.uploader.download(path).body, HELLO)

    def test_chunked_bodies_are_taken(self):
        path = self.uploader.begin(len(HELLO))
        body = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, HELLO[:5], len(HELLO) - 5, HELLO[5:])
        self.assertEqual(self.uploader.patch(path, 0, body, ("Transfer-Encoding", "chunked")).status, 204)
        self.assertEqual(self.uploader.download(path).body, HELLO)

    def test_an_upload_of_nothing_is_complete(self):
        answer = self.uploader.create(0)
        self.assertEqual((answer.status, answer.json()["state"]), (201, "ready"))
        self.assertEqual(self.uploader.download(answer.header("location")).body, b"")

    def test_wrong_offsets_are_conflicts(self):
        path = self.uploader.begin(10)
        for offset in (1, 10, 11, 2**63, 10**30):
            self.refused(self.uploader.patch(path, offset, b"x"), 409, "wrong_offset")
        for offset in ("-1", "+0", "0x0", "", "zero"):
            self.refused(self.uploader.patch(path, offset, b"x"), 400, "invalid_message")
        self.assertEqual(self.uploader.offset(path), 0)

    def test_a_version_that_is_not_spoken_is_refused(self):
        for headers in ((), (("Tus-Resumable", "0.2.2"),)):
            answer = self.uploader.ask("POST", "/v1/uploads", ("Upload-Length", "1"), *headers)
            self.refused(answer, 412, "unsupported_version")
            self.assertEqual(answer.header("tus-version"), "1.0.0")
        path = self.uploader.begin(1)
        self.refused(self.uploader.ask("DELETE", path), 412, "unsupported_version")
        answer = self.uploader.ask("PATCH", path, BYTES, ("Upload-Offset", "0"), body=b"x")
        self.refused(answer, 412, "unsupported_version")

    def test_another_type_of_body_is_refused(self):
        path = self.uploader.begin(1)
        answer = self.uploader.ask(
            "PATCH", path, TUS, ("Upload-Offset", "0"), ("Content-Type", "text/plain"), body=b"x")
        self.refused(answer, 415, "unsupported_media_type")

    def test_more_than_was_announced_is_refused(self):
        path = self.uploader.begin(3)
        self.refused(self.uploader.patch(path, 0, b"four"), 413, "too_large")
        self.assertEqual(self.uploader.offset(path), 0)
        self.refused(self.uploader.create((1 << 30) + 1), 413, "too_large")
        self.assertEqual(self.uploader.create((1 << 30) + 1).header("tus-max-size"), str(1 << 30))
        self.refused(self.uploader.create("-1"), 400, "invalid_message")
        self.refused(self.uploader.create("1" * 40), 413, "too_large")

    def test_checksums_are_checked(self):
        for algorithm in ("sha1", "sha256", "md5"):
            path = self.uploader.begin(len(HELLO))
            wrong = self.uploader.patch(path, 0, HELLO, checksum(algorithm, b"other"))
            self.refused(wrong, 460, "checksum_mismatch")
            self.assertEqual(self.uploader.offset(path), 0)
            self.assertEqual(self.uploader.patch(path, 0, HELLO, checksum(algorithm, HELLO)).status, 204)
        self.refused(self.uploader.patch(path, 0, HELLO, ("Upload-Checksum", "crc32 AAAA")), 400, "invalid_message")

    def test_methods_may_stand_in_a_header(self):
        path = self.uploader.begin(len(HELLO))
        override = lambda name: ("X-HTTP-Method-Override", name)  # noqa: E731
        self.assertEqual(self.uploader.patch(path, 0, HELLO, override("PATCH"), method="POST").status, 204)
        self.assertEqual(self.uploader.ask("POST", path, TUS, override("DELETE")).status, 204)
        self.refused(self.uploader.ask("POST", path, TUS, override("TRACE")), 405, "method_not_allowed")

    def test_what_is_deleted_is_not_there(self):
        path = self.uploader.upload(text(1000))
        self.assertEqual(self.uploader.ask("DELETE", path, TUS).status, 204)
        for answer in (
            self.uploader.ask("DELETE", path, TUS), self.uploader.download(path), self.uploader.ask("GET", path),
            self.uploader.patch(path, 1000, b""),
        ):
            self.refused(answer, 404, "not_found")
