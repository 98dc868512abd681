# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Handshakes of TLS: versions, protocols, and clients that do not finish theirs."""

import ssl
import time
import warnings

from support.rawclient import Connection
from tls.authority import SecureConnection
from tls.case import SecureAttack


class Handshakes(SecureAttack):
    flags = ("--head-timeout", "1")

    def test_versions(self):
        """TLS 1.2 and 1.3 are spoken, and nothing older"""
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.server.authority.context()
            context.minimum_version = context.maximum_version = version
            with SecureConnection(self.port, context) as connection:
                self.assertEqual(connection.socket.version(), str(version.name).replace("_", "."))
        context = self.server.authority.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            SecureConnection(self.port, context)

    def test_protocols(self):
        """a client gets the protocol that it offers, h2 before http/1.1"""
        for offered, agreed in ((("h2", "http/1.1"), "h2"), (("http/1.1", "h2"), "h2"), (("http/1.1",), "http/1.1")):
            with SecureConnection(self.port, self.server.authority.context(*offered)) as connection:
                self.assertEqual(connection.socket.selected_alpn_protocol(), agreed)

    def test_without_protocol(self):
        """a client that offers no protocol speaks HTTP/1.1"""
        with SecureConnection(self.port, self.server.authority.context()) as connection:
            self.assertEqual(connection.request("GET", "/livez").status, 204)

    def test_plain_text(self):
        """a request in plain text gets no answer"""
        connection = self.connect()
        connection.try_send(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertNotIn(b"HTTP/1.1", connection.take_rest())

    def test_half_a_handshake(self):
        """a client that does not finish its handshake is gone after the time for a head"""
        began = time.monotonic()
        waiting = [self.opened(Connection(self.port)) for _ in range(50)]
        for number, connection in enumerate(waiting):
            connection.try_send((b"", b"\x16\x03\x01", b"\x16\x03\x01\x40\x00" + b"\x01" * 100)[number % 3])
        for connection in waiting:
            self.assertTrue(connection.ends_within(10))
        self.assertLess(time.monotonic() - began, 8)

    def test_nonsense(self):
        """bytes that are no TLS end the connection"""
        for data in (b"\x00" * 1_000, b"\xff" * 100_000, b"\x16\x03\x03\xff\xff" + b"\x01" * 70_000):
            connection = self.connect()
            connection.try_send(data)
            self.assertTrue(connection.ends_within(5))
