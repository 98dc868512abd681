# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A thousand uploads at once."""

import selectors
import socket
import time

from uploads.case import UploadCase, text

COUNT = 1000
HALF = 6_000


class Crowd(UploadCase):
    # All come from one address, and none of them has a name.
    arguments = ("--uploads-unfinished", "2000")

    def together(self, requests, timeout=180):
        """Sends each request on a connection of its own, all at the same time, in two halves; the answers."""
        selector = selectors.DefaultSelector()
        answers = [b""] * len(requests)
        for number, data in enumerate(requests):
            client = socket.create_connection(("127.0.0.1", self.server.port))
            client.sendall(data[:len(data) - HALF])
            client.setblocking(False)
            selector.register(client, selectors.EVENT_READ | selectors.EVENT_WRITE, [number, data[len(data) - HALF:]])
        deadline = time.monotonic() + timeout
        while selector.get_map():
            self.assertLess(time.monotonic(), deadline, f"{len(selector.get_map())} have no answer")
            for key, events in selector.select(1):
                number, rest = key.data
                if events & selectors.EVENT_WRITE:
                    sent = key.fileobj.send(rest)
                    key.data[1] = rest[sent:]
                    if not key.data[1]:
                        selector.modify(key.fileobj, selectors.EVENT_READ, key.data)
                if events & selectors.EVENT_READ:
                    part = key.fileobj.recv(65536)
                    answers[number] += part
                    if not part:
                        selector.unregister(key.fileobj)
                        key.fileobj.close()
        return answers

    def test_a_thousand_uploads_at_once_are_all_there(self):
        contents = [text(12_000, seed) for seed in range(COUNT)]
        head = ("POST /v1/uploads HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\n"
                "Upload-Length: 12000\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 12000\r\n\r\n")
        before = self.server.rss()
        answers = self.together([head.encode() + content for content in contents])
        paths = []
        for answer in answers:
            self.assertTrue(answer.startswith(b"HTTP/1.1 201 "), answer[:200])
            paths.append(answer.partition(b"Location: ")[2].partition(b"\r\n")[0].decode())
        self.assertEqual(len(set(paths)), COUNT)
        self.assertLess(self.server.rss() - before, 128 << 20)
        for number in range(0, COUNT, 37):
            self.assertEqual(self.uploader.download(paths[number]).body, contents[number])
