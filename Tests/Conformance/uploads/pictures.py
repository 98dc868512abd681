# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Thumbnails by libvips, and a program that looks into files."""

import pathlib
import shutil
import tempfile
import unittest

from support.server import Server, eventually
from uploads.case import TUS, UploadCase, Uploader, text
from uploads.images import chunk, png, webp_size


@unittest.skipUnless(shutil.which("vipsthumbnail"), "vipsthumbnail is not installed")
class Pictures(UploadCase):
    def thumbnail(self, path):
        return self.uploader.ask("GET", f"{path}/thumbnail")

    def settled(self, path):
        """What has become of a thumbnail."""
        def state():
            described = self.uploader.ask("GET", path).json()["thumbnail"]
            return described if described != "pending" else None
        return eventually(state, timeout=60, what="the end of the thumbnail's making")

    def test_a_picture_gets_a_thumbnail(self):
        path = self.uploader.upload(png(1200, 600))
        described = self.uploader.ask("GET", path).json()
        self.assertEqual((described["width"], described["height"], described["type"]), (1200, 600, "image/png"))
        self.assertEqual(self.settled(path), "ready")
        answer = self.thumbnail(path)
        self.assertEqual((answer.status, answer.header("content-type")), (200, "image/webp"))
        self.assertEqual(webp_size(answer.body), (512, 256))
        self.assertEqual(self.uploader.ask("DELETE", path, TUS).status, 204)
        self.assertEqual(self.thumbnail(path).status, 404)

    def test_what_a_picture_says_about_its_place_is_left_out(self):
        secret = b"GPS position of somebody's home"
        path = self.uploader.upload(png(600, 600, extra=chunk(b"tEXt", b"Comment\0" + secret)))
        self.assertIn(secret, self.uploader.download(path).body)
        self.assertEqual(self.settled(path), "ready")
        self.assertNotIn(secret, self.thumbnail(path).body)

    def test_a_bomb_is_refused_by_its_header(self):
        answer = self.uploader.create(len(bomb := png(10, 10, claim=(60_000, 60_000))), body=bomb)
        self.assertEqual((answer.status, answer.error_code()), (422, "picture_too_large"))

    def test_a_damaged_picture_stays_as_it_is(self):
        # Of what is cut libvips shows as much as is there.
        for broken, ends in (
            (png(10, 10, claim=(9_000, 9_000)), ("ready", "none")), (png(100, 100)[:60], ("ready", "none")),
            (b"\xff\xd8\xff\xe0" + text(5000), ("none",)),
        ):
            path = self.uploader.upload(broken)
            self.assertIn(self.settled(path), ends)
            self.assertEqual(self.uploader.download(path).body, broken)

    def test_many_pictures_at_once_all_get_one(self):
        paths = [self.uploader.upload(png(700, 40 + number)) for number in range(20)]
        self.assertEqual([self.settled(path) for path in paths], ["ready"] * 20)


class Scanned(unittest.TestCase):
    """`grep` as a scanner: status 0, and so clean, when no line of the file has the word."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="hibiki-scanner-")
        self.addCleanup(directory.cleanup)
        self.data = pathlib.Path(directory.name)
        self.scanner = self.data / "scanner"
        self.write("! grep -q EVIL \"$1\"")
        self.server = Server("--data", self.data / "data", "--uploads-scanner", self.scanner).start()
        self.addCleanup(self.server.close)
        self.addCleanup(self.server.stop)
        self.uploader = Uploader(self.server.port)

    def write(self, line):
        self.scanner.write_text(f"#!/bin/sh\n{line}\n")
        self.scanner.chmod(0o700)

    def test_an_infected_file_is_set_aside(self):
        path = self.uploader.upload(b"good")
        self.assertEqual(self.uploader.download(path).body, b"good")
        path = self.uploader.begin(9)
        answer = self.uploader.patch(path, 0, b"EVIL file")
        self.assertEqual((answer.status, answer.error_code()), (422, "upload_infected"))
        self.assertEqual(self.uploader.download(path).status, 404)
        self.assertEqual(self.uploader.ask("GET", path).json()["state"], "quarantined")
        kept = self.data / "data" / "uploads" / "quarantine" / path.rpartition("/")[2]
        self.assertEqual(kept.read_bytes(), b"EVIL file")

    def test_without_an_answer_of_the_scanner_a_file_waits(self):
        self.write("exit 2")
        path = self.uploader.begin(4)
        answer = self.uploader.patch(path, 0, b"good")
        self.assertEqual((answer.status, answer.header("retry-after")), (503, "1"))
        self.assertEqual(self.uploader.offset(path), 4)
        self.write("exit 0")
        self.assertEqual(self.uploader.patch(path, 4, b"").status, 204)
        self.assertEqual(self.uploader.download(path).body, b"good")
