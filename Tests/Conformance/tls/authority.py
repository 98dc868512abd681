# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A certificate authority of the tests, and a server with a certificate of it."""

import pathlib
import socket
import ssl
import subprocess
import tempfile

from support.rawclient import Connection, Ended
from support.server import Server


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Authority:
    """Keys and certificates in a folder of their own: `root` is what clients trust."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="hibiki-tls-")
        self.folder = pathlib.Path(self.directory.name)
        self.root, self.root_key = self.folder / "root.pem", self.folder / "root.key"
        self._key(self.root_key)
        openssl("req", "-x509", "-new", "-key", self.root_key, "-subj", "/CN=Hibiki test root", "-days", 30,
                "-out", self.root)

    def _key(self, path):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)

    def issue(self, name, days=90):
        """A certificate for localhost and 127.0.0.1 whose subject is `name`; returns (certificate, key)."""
        paths = {kind: self.folder / f"{name}.{kind}" for kind in ("pem", "key", "csr", "ext")}
        self._key(paths["key"])
        openssl("req", "-new", "-key", paths["key"], "-subj", f"/CN={name}", "-out", paths["csr"])
        paths["ext"].write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", paths["csr"], "-CA", self.root, "-CAkey", self.root_key, "-CAcreateserial",
                "-days", days, "-extfile", paths["ext"], "-out", paths["pem"])
        return paths["pem"], paths["key"]

    def context(self, *protocols):
        """What a client needs to trust the authority, and to ask for protocols."""
        context = ssl.create_default_context(cafile=self.root)
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context

    def close(self):
        self.directory.cleanup()


class SecureServer(Server):
    """`hibiki serve` with a certificate that the test may replace."""

    def __init__(self, *arguments, days=90):
        self.authority = Authority()
        self.certificate, self.key = self.authority.folder / "live.pem", self.authority.folder / "live.key"
        self.use(*self.authority.issue("first", days))
        super().__init__("--tls-certificate", self.certificate, "--tls-key", self.key, *arguments)

    def use(self, certificate, key):
        """Puts another pair where the server looks."""
        for source, target in ((certificate, self.certificate), (key, self.key)):
            fresh = target.with_suffix(".new")
            fresh.write_bytes(source.read_bytes())
            fresh.rename(target)

    @property
    def url(self):
        return f"https://{self.host}:{self.port}"

    def close(self):
        super().close()
        self.authority.close()


class SecureConnection(Connection):
    """A raw connection over TLS; `first` is sent before that."""

    def __init__(self, port, context, first=b"", **options):
        super().__init__(port, **options)
        try:
            self.socket.sendall(first)
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        except BaseException:
            self.socket.close()
            raise

    def send(self, data):
        try:
            super().send(data)
        except ssl.SSLError as error:
            raise Ended(str(error)) from error

    def fill(self):
        try:
            super().fill()
        except ssl.SSLError as error:
            raise Ended(str(error)) from error

    def subject(self):
        """The name in the server's certificate."""
        return dict(pair for part in self.socket.getpeercert()["subject"] for pair in part)["commonName"]

    def cut(self):
        """Ends the connection under whoever reads from it."""
        try:
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self):
        self.cut()
        super().close()
