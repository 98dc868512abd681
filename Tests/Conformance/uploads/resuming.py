# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Uploads that are cut, and servers that are killed."""

import hashlib
import pathlib
import signal
import subprocess
import tempfile
import unittest
import urllib.parse

from support.rawclient import Connection
from support.server import Server, eventually
from uploads.case import BYTES, Uploader, text
from uploads.environment import HERE, folder

PIECE = 1 << 20


class Resuming(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="hibiki-uploads-")
        self.addCleanup(self.directory.cleanup)
        self.folder = pathlib.Path(self.directory.name)
        self.content = text(12 * PIECE + 345)
        self.file = self.folder / "file.txt"
        self.file.write_bytes(self.content)

    def serve(self, port=0):
        server = Server("--data", self.folder / "data", "--port", port).start()
        self.addCleanup(server.close)
        self.addCleanup(server.stop)
        return server

    def client(self, server, *upload):
        """The foreign client, as a process of its own."""
        return subprocess.Popen(
            [folder() / "python", HERE / "tus_client.py", f"{server.url}/v1/uploads", self.file, str(PIECE), *upload],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, server, url):
        """Lets a new client go on, and returns the offsets that it passed."""
        output, errors = self.client(server, url).communicate(timeout=60)
        self.assertTrue(output, errors)
        return [int(line) for line in output.splitlines()[1:]]

    def check(self, server, url):
        path = urllib.parse.urlsplit(url).path
        answer = Uploader(server.port).download(path)
        self.assertEqual(answer.status, 200)
        self.assertEqual(hashlib.sha256(answer.body).digest(), hashlib.sha256(self.content).digest())

    def cut_client(self, server, pieces=4):
        """Kills a client after some pieces; the address of the upload."""
        process = self.client(server)
        url = process.stdout.readline().strip()
        for _ in range(pieces):
            process.stdout.readline()
        process.kill()
        process.communicate()
        return url

    def test_a_client_that_was_cut_goes_on(self):
        server = self.serve()
        url = self.cut_client(server)
        offsets = self.finish(server, url)
        self.assertGreater(offsets[0], 4 * PIECE)
        self.assertEqual(offsets[-1], len(self.content))
        self.check(server, url)

    def test_bytes_of_a_request_that_was_cut_in_its_middle_are_kept(self):
        server = self.serve()
        uploader = Uploader(server.port)
        path = uploader.begin(len(self.content))
        with Connection(server.port) as connection:
            head = (f"PATCH {path} HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                    f"Content-Type: {BYTES[1]}\r\nContent-Length: {len(self.content)}\r\n\r\n")
            connection.send(head.encode() + self.content[:PIECE + 77])
            unfinished = self.folder / "data" / "uploads" / "unfinished" / path.rpartition("/")[2]
            eventually(lambda: unfinished.stat().st_size == PIECE + 77, what="the bytes on the disk")
            connection.reset()
        eventually(lambda: uploader.offset(path) == PIECE + 77, what="the offset")
        self.finish(server, server.url + path)
        self.check(server, server.url + path)

    def test_whoever_comes_back_ends_the_connection_that_hangs(self):
        server = self.serve()
        uploader = Uploader(server.port)
        path = uploader.begin(len(self.content))
        with Connection(server.port) as hanging:
            head = (f"PATCH {path} HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                    f"Content-Type: {BYTES[1]}\r\nContent-Length: {len(self.content)}\r\n\r\n")
            hanging.send(head.encode() + self.content[:1000])
            unfinished = self.folder / "data" / "uploads" / "unfinished" / path.rpartition("/")[2]
            eventually(lambda: unfinished.stat().st_size == 1000, what="the bytes on the disk")
            self.assertEqual(uploader.offset(path), 1000)
            self.assertEqual(hanging.read_response().status, 423)
        self.finish(server, server.url + path)
        self.check(server, server.url + path)

    def test_an_upload_goes_on_after_the_server_was_killed(self):
        for round in range(3):
            with self.subTest(round=round):
                server = self.serve()
                url = self.cut_by_kill(server, pieces=3 + round)
                again = self.serve(server.port)
                offsets = self.finish(again, url)
                self.assertGreater(offsets[0], PIECE)
                self.check(again, url)
                again.stop()

    def cut_by_kill(self, server, pieces):
        process = self.client(server)
        url = process.stdout.readline().strip()
        acknowledged = 0
        for _ in range(pieces):
            acknowledged = int(process.stdout.readline())
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        process.communicate(timeout=60)
        unfinished = self.folder / "data" / "uploads" / "unfinished" / url.rpartition("/")[2]
        self.assertGreaterEqual(unfinished.stat().st_size, acknowledged)
        return url

    def test_a_server_that_was_killed_before_the_last_answer_completes_the_upload_itself(self):
        server = self.serve()
        uploader = Uploader(server.port)
        path = uploader.begin(len(self.content))
        uploader.patch(path, 0, self.content[:-10])
        server.kill()
        unfinished = self.folder / "data" / "uploads" / "unfinished" / path.rpartition("/")[2]
        with unfinished.open("ab") as file:
            file.write(self.content[-10:])
        again = self.serve(server.port)
        eventually(lambda: Uploader(again.port).ask("GET", path).json()["state"] == "ready", what="the upload")
        self.check(again, again.url + path)
