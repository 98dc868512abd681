# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What nobody sends who means well. After each attack the server lives and its memory is what it was."""

import base64
import pathlib
import time

from support.rawclient import Connection, Ended
from support.server import eventually
from uploads.case import BYTES, UploadCase, metadata, text

MEGABYTE = 1 << 20


def named(name):
    return ("Upload-Metadata", "filename " + base64.b64encode(name).decode())


class Attacks(UploadCase):
    # The slow body has to be over in a time that a test can wait.
    arguments = ("--head-timeout", "1")

    def setUp(self):
        super().setUp()
        self.before = self.server.rss()

    def tearDown(self):
        self.assertTrue(self.server.alive())
        self.assertEqual(self.uploader.download(self.uploader.upload(b"fine")).body, b"fine")
        self.assertLess(self.server.rss() - self.before, 64 * MEGABYTE)

    def folder(self):
        return pathlib.Path(self.server.directory.name) / "data" / "uploads"

    def patch_head(self, path, length, *more):
        lines = [f"PATCH {path} HTTP/1.1", "Host: a", "Tus-Resumable: 1.0.0", "Upload-Offset: 0",
                 f"Content-Type: {BYTES[1]}", f"Content-Length: {length}", *more]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def test_a_huge_announcement_is_refused_before_a_byte_is_read(self):
        path = self.uploader.begin(10)
        for length in (11, 2**31, 2**62):
            with Connection(self.server.port) as connection:
                connection.send(self.patch_head(path, length))
                self.assertEqual(connection.read_response().status, 413)
        with Connection(self.server.port) as connection:
            connection.send(self.patch_head(path, 10**30))
            self.assertEqual(connection.read_response().status, 413)

    def test_whoever_waits_for_100_is_told_before_it_sends(self):
        path = self.uploader.begin(10)
        with Connection(self.server.port) as connection:
            connection.send(self.patch_head(path, 11, "Expect: 100-continue"))
            self.assertEqual(connection.read_response(interim=True).status, 413)
        with Connection(self.server.port) as connection:
            connection.send(self.patch_head(path, 10, "Expect: 100-continue"))
            self.assertEqual(connection.read_response(interim=True).status, 100)
            connection.send(b"0123456789")
            self.assertEqual(connection.read_response().status, 204)

    def test_negative_and_broken_lengths_are_refused(self):
        path = self.uploader.begin(10)
        for length in ("-1", "+5", "5, 5", "0x5", "5 5"):
            with Connection(self.server.port) as connection:
                connection.send(self.patch_head(path, length))
                self.assertEqual(connection.read_response().status, 400, length)

    def test_a_chunked_body_that_does_not_end_stops_at_what_was_announced(self):
        path = self.uploader.begin(MEGABYTE)
        with Connection(self.server.port, timeout=20) as connection:
            head = self.patch_head(path, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
            connection.send(head)
            piece = text(65536)
            sent = 0
            while sent < 64 * MEGABYTE and connection.try_send(b"10000\r\n" + piece + b"\r\n"):
                sent += 65536
                connection.socket.setblocking(False)
                try:
                    connection.fill()
                    break
                except (BlockingIOError, Ended):
                    pass
                finally:
                    connection.socket.settimeout(20)
            try:
                self.assertEqual(connection.read_response().status, 413)
            except Ended:
                self.assertGreater(sent, MEGABYTE)
        self.assertLessEqual(self.uploader.offset(path), MEGABYTE)

    def test_a_name_leads_to_no_other_folder(self):
        for name in (b"../../../etc/passwd", b"..\\..\\boot.ini", b"/etc/shadow", b"a\0b", b"\xe2\x80\xaegnp.exe", b"x" * 2000):
            path = self.uploader.upload(b"fine", named(name))
            shown = self.uploader.ask("GET", path).json()["name"]
            self.assertNotRegex(shown, r"[/\\\x00-\x1f\u202e]")
            self.assertLessEqual(len(shown.encode()), 255)
            disposition = self.uploader.download(path).header("content-disposition")
            self.assertNotIn("..", disposition)
        files = [path.name for path in self.folder().rglob("*") if path.is_file() and path.name != "link-secret"]
        for name in files:
            self.assertRegex(name, r"^[0-9a-f]{32}(\.json)?$")

    def test_ids_are_nothing_else(self):
        for name in ("..%2f..%2fetc%2fpasswd", "%2e%2e", "a" * 32 + "%00", "A" * 32, "0" * 31, "0" * 33, "index", "link-secret"):
            for path in (f"/v1/uploads/{name}", f"/v1/uploads/{name}/file"):
                self.assertEqual(self.uploader.ask("GET", path).status, 404, path)

    def test_a_file_that_runs_is_not_taken_whatever_it_is_called(self):
        for content in (
            b"<!doctype html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"#!/bin/sh\nrm -rf /\n", b"MZ" + bytes(100), b"\x7fELF" + bytes(100), b"\xff\xfe<\0h\0t\0m\0l\0", bytes(100),
        ):
            answer = self.uploader.create(len(content), metadata("picture.png"), body=content)
            self.assertEqual((answer.status, answer.error_code()), (415, "unsupported_media_type"), content)

    def test_a_picture_that_is_a_page_too_is_served_as_a_picture(self):
        polyglot = b"GIF89a/*\x01\0" + bytes(20) + b"*/=1;<script>alert(1)</script>"
        answer = self.uploader.download(self.uploader.upload(polyglot))
        self.assertEqual(answer.header("content-type"), "image/gif")
        self.assertEqual(answer.header("x-content-type-options"), "nosniff")
        self.assertIn("sandbox", answer.header("content-security-policy"))

    def test_a_slow_body_is_ended_and_kept(self):
        path = self.uploader.begin(MEGABYTE)
        with Connection(self.server.port, timeout=15) as connection:
            connection.send(self.patch_head(path, MEGABYTE) + b"ab")
            started = time.monotonic()
            self.assertEqual(connection.read_response().status, 408)
            self.assertLess(time.monotonic() - started, 10)
        eventually(lambda: self.uploader.offset(path) == 2, what="the two bytes")

    def test_a_reader_that_stops_costs_no_memory(self):
        path = self.uploader.upload(text(24 * MEGABYTE))
        connections = [Connection(self.server.port, slow=True) for _ in range(20)]
        try:
            for connection in connections:
                connection.send(f"GET {path}/file HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            for connection in connections:
                connection.take(1000)
            self.assertLess(self.server.rss() - self.before, 64 * MEGABYTE)
        finally:
            for connection in connections:
                connection.close()

    def test_a_large_body_is_never_in_memory(self):
        length = 512 * MEGABYTE
        path = self.uploader.begin(length)
        piece = text(MEGABYTE)
        peak = pathlib.Path(f"/proc/{self.server.pid}/clear_refs")
        peak.write_text("5")
        with Connection(self.server.port, timeout=60) as connection:
            connection.send(self.patch_head(path, length))
            for _ in range(length // MEGABYTE):
                connection.send(piece)
            self.assertEqual(connection.read_response().status, 204)
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text()
        highest = int(status.split("VmHWM:")[1].split()[0]) << 10
        self.assertLess(highest - self.before, 48 * MEGABYTE)
