# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Complete files in a bucket of moto's server."""

import pathlib
import subprocess
import tempfile
import unittest
import urllib.request

from support.ports import accepts, free_port
from support.server import Server, binary, eventually
from uploads.case import TUS, Uploader, metadata, text
from uploads.environment import folder


class Buckets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="hibiki-bucket-")
        cls.folder = pathlib.Path(cls.directory.name)
        port = free_port()
        cls.store = f"http://127.0.0.1:{port}"
        cls.moto = subprocess.Popen(
            [folder() / "moto_server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        eventually(lambda: accepts(port), timeout=60, what="moto's server")
        urllib.request.urlopen(urllib.request.Request(f"{cls.store}/files", method="PUT"), timeout=20).close()
        (cls.folder / "secret").write_text("of the store\n")
        cls.flags = ["--uploads-s3-bucket", "files", "--uploads-s3-endpoint", cls.store, "--uploads-s3-access-key", "key",
                     "--uploads-s3-secret-file", str(cls.folder / "secret"), "--uploads-s3-prefix", "hibiki/"]
        cls.server = Server(*cls.flags).start()
        cls.uploader = Uploader(cls.server.port)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.close()
        cls.moto.terminate()
        cls.moto.wait()
        cls.directory.cleanup()

    def objects(self):
        with urllib.request.urlopen(f"{self.store}/files?list-type=2&prefix=hibiki/", timeout=20) as answer:
            return answer.read().decode()

    def test_a_large_file_goes_there_in_parts_and_comes_back_in_ranges(self):
        content = text(20 << 20)
        path = self.uploader.begin(len(content), metadata("large.txt"))
        self.assertEqual(self.uploader.patch(path, 0, content).status, 204)
        self.assertIn(path.rpartition("/")[2], self.objects())
        self.assertEqual(self.uploader.download(path).body, content)
        answer = self.uploader.download(path, ("Range", "bytes=8388600-8388619"))
        self.assertEqual((answer.status, answer.body), (206, content[8388600:8388620]))
        self.assertEqual(self.uploader.ask("DELETE", path, TUS).status, 204)
        self.assertNotIn(path.rpartition("/")[2], self.objects())

    def test_nothing_complete_stays_on_the_disk(self):
        path = self.uploader.upload(text(1000))
        id = path.rpartition("/")[2]
        kept = [file for file in pathlib.Path(self.server.directory.name).rglob(f"{id}*") if file.suffix != ".json"]
        self.assertEqual(kept, [])

    def test_the_store_itself_may_serve_a_download(self):
        with Server(*self.flags, "--uploads-s3-redirect") as server:
            uploader = Uploader(server.port)
            path = uploader.upload(text(1000), metadata("a b.txt"))
            answer = uploader.download(path)
            self.assertEqual(answer.status, 302)
            with urllib.request.urlopen(answer.header("location"), timeout=20) as served:
                self.assertEqual(served.read(), text(1000))
                self.assertEqual(served.headers["Content-Disposition"], 'attachment; filename="a b.txt"')

    def test_a_store_that_is_not_there_lets_an_upload_wait(self):
        flags = [flag if flag != self.store else "http://127.0.0.1:1" for flag in self.flags]
        with Server(*flags) as server:
            uploader = Uploader(server.port)
            path = uploader.begin(4)
            self.assertEqual(uploader.patch(path, 0, b"wait").status, 503)
            self.assertEqual(uploader.offset(path), 4)

    def test_the_doctor_asks_the_store(self):
        for endpoint, words in ((self.store, "the bucket files answers"), ("http://127.0.0.1:1", "cannot be used")):
            flags = [flag if flag != self.store else endpoint for flag in self.flags]
            printed = subprocess.run(
                [binary(), "doctor", "--port", "0", "--data", self.folder, *flags], capture_output=True, text=True, timeout=60)
            self.assertIn(words, printed.stdout)
            self.assertNotIn("of the store", printed.stdout)
