# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the tests of uploads share: requests of tus over raw connections, and files to send."""

import base64
import random

from support.case import ServerCase
from support.rawclient import Connection

TUS = ("Tus-Resumable", "1.0.0")
BYTES = ("Content-Type", "application/offset+octet-stream")


def text(length, seed=1):
    """A text of so many bytes that is another for each seed."""
    numbers = random.Random(seed)
    return bytes(numbers.choices(b"abcdefghijklmnopqrstuvwxyz \n", k=length))


def metadata(name):
    return ("Upload-Metadata", "filename " + base64.b64encode(name.encode()).decode())


class Uploader:
    """Sends each request on a connection of its own, unless it is given one."""

    def __init__(self, port, token=None):
        self.port = port
        self.credentials = (("Authorization", f"Bearer {token}"),) if token else ()

    def ask(self, method, target, *headers, body=None, timeout=30):
        with Connection(self.port, timeout=timeout) as connection:
            return connection.request(method, target, (*self.credentials, *headers), body)

    def create(self, length, *headers, body=None):
        more = (BYTES,) if body is not None else ()
        return self.ask("POST", "/v1/uploads", TUS, ("Upload-Length", str(length)), *more, *headers, body=body)

    def begin(self, length, *headers):
        """The path of a new upload."""
        answer = self.create(length, *headers)
        assert answer.status == 201, answer
        return answer.header("location")

    def patch(self, path, offset, body, *headers, method="PATCH"):
        return self.ask(method, path, TUS, BYTES, ("Upload-Offset", str(offset)), *headers, body=body)

    def offset(self, path):
        answer = self.ask("HEAD", path, TUS)
        assert answer.status == 200, answer
        return int(answer.header("upload-offset"))

    def upload(self, content, *headers):
        """The path of a complete upload."""
        answer = self.create(len(content), *headers, body=content)
        assert answer.status == 201, answer
        return answer.header("location")

    def download(self, path, *headers):
        return self.ask("GET", f"{path}/file", *headers)


class UploadCase(ServerCase):
    def setUp(self):
        super().setUp()
        self.uploader = Uploader(self.server.port)
