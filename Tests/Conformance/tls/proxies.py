# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What proxies say about their clients, and what others say who are none."""

import time
import unittest

from attacks.case import AttackCase
from support.rawclient import Connection, request_bytes
from support.rows import rows
from tls.authority import SecureConnection, SecureServer
from tls.frames import END_HEADERS, END_STREAM, HEADERS, FrameClient, frame, request

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LOCAL = b"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n"
METRICS = request_bytes("GET", "/metrics", "127.0.0.1")


def binary(command, family, body, length=None):
    return SIGNATURE + bytes((command, family)) + (len(body) if length is None else length).to_bytes(2, "big") + body


def v4(address):
    return bytes(map(int, address.split("."))) + bytes((127, 0, 0, 1, 0, 1, 0, 2))


class Forged(AttackCase):
    """A server that trusts others; of one address it takes five connections, the neighbour's among them."""

    flags = ("--trusted-proxy", "10.0.0.0/8", "--max-connections-per-address", "5")

    def assert_neighbour_served(self, **_):
        super().assert_neighbour_served(on_new_connection=False)

    def test_addresses(self):
        """a client that gives itself addresses is counted under its own"""
        fields = lambda n: (("X-Forwarded-For", f"192.0.2.{n}"), ("Forwarded", f"for=192.0.2.{n}"))  # noqa: E731
        for number in range(4):
            self.assertEqual(self.connect().request("GET", "/livez", fields(number)).status, 204)
        self.assertEqual(self.connect().read_response().status, 503)

    def test_scheme(self):
        """a client that is no proxy does not say what scheme it came by"""
        connection = self.connect()
        fields = (("X-Forwarded-Proto", "https"), ("Origin", f"http://127.0.0.1:{self.port}"))
        self.assertEqual(connection.request("GET", "/livez", fields).status, 204)


class Forwarded(AttackCase):
    """A server that trusts its own machine, and takes three connections of one address."""

    flags = ("--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "3")

    def assert_neighbour_served(self, **_):
        super().assert_neighbour_served(on_new_connection=False)

    def ask(self, *fields, target="/livez"):
        connection = self.connect()
        return connection, connection.request("GET", target, fields).status

    def test_addresses(self):
        """each client has its own limit, and what it writes before the proxy does not count"""
        for client in range(4):
            for number in range(3):
                field = ("X-Forwarded-For", f"203.0.113.{number}, 192.0.2.{client}")
                self.assertEqual(self.ask(field)[1], 204)
        connection, status = self.ask(("X-Forwarded-For", "203.0.113.7, 192.0.2.1"))
        self.assertEqual(status, 503)
        self.assertTrue(connection.ends_within(5))

    def test_many_clients(self):
        """one connection of a proxy carries the requests of many clients"""
        connection = self.connect()
        for number in range(200):
            fields = (("X-Forwarded-For", f"198.51.{number}.1"),)
            self.assertEqual(connection.request("GET", "/livez", fields).status, 204)

    def test_scheme(self):
        """a page of http:// is another origin for a client that came by https"""
        page = ("Origin", f"http://127.0.0.1:{self.port}")
        client = ("X-Forwarded-For", "192.0.2.99")
        self.assertEqual(self.ask(client, page, ("X-Forwarded-Proto", "http"))[1], 204)
        self.assertEqual(self.ask(client, page, ("X-Forwarded-Proto", "https"))[1], 403)

    def test_metrics(self):
        """what is for this machine only is not for those behind a proxy on it"""
        self.assertEqual(self.ask(("X-Forwarded-For", "192.0.2.98"), target="/metrics")[1], 403)
        self.assertEqual(self.ask(("X-Forwarded-For", "127.0.0.1"), target="/metrics")[1], 403)


class ProxyConnection(Connection):
    """What the neighbour opens."""

    def __init__(self, port, **options):
        super().__init__(port, **options)
        self.send(LOCAL)


class ProxyProtocol(AttackCase):
    flags = ("--trusted-proxy", "127.0.0.1", "--proxy-protocol", "--head-timeout", "1", "--no-demo")

    def setUp(self):
        # The neighbour stands behind the proxy too.
        import support.rawevents
        import support.rawwebsocket
        for module in (support.rawevents, support.rawwebsocket):
            module.Connection = ProxyConnection
            self.addCleanup(setattr, module, "Connection", Connection)
        super().setUp()

    @rows({
        "a line for IPv4": (b"PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n", 403),
        "a line for IPv6": (b"PROXY TCP6 2001:db8::1 ::1 1 2\r\n", 403),
        "a line for this machine": (LOCAL, 200),
        "a line for an unknown client": (b"PROXY UNKNOWN\r\n", 200),
        "a line for an unknown client with more": (b"PROXY UNKNOWN 192.0.2.1 192.0.2.2 1 2\r\n", 200),
        "bytes for IPv4": (binary(0x21, 0x11, v4("192.0.2.1")), 403),
        "bytes for IPv4 of this machine": (binary(0x21, 0x11, v4("127.0.0.1")), 200),
        "bytes for IPv6": (binary(0x21, 0x21, bytes(range(32, 64)) + bytes(4)), 403),
        "bytes with what is not read": (binary(0x21, 0x11, v4("192.0.2.1") + b"\x04\x01\x00" + bytes(256)), 403),
        "bytes for the proxy itself": (binary(0x20, 0x00, b""), 200),
        "bytes for the proxy itself with addresses": (binary(0x20, 0x11, v4("192.0.2.1")), 200),
    })
    def header(self, header, status):
        """The client is who the header names; the metrics are for this machine only."""
        for piece in (len(header), 1):
            connection = self.connect()
            for start in range(0, len(header), piece):
                connection.send(header[start:start + piece])
            connection.send(METRICS)
            self.assertEqual(connection.read_response().status, status)

    @rows({
        "no header": METRICS,
        "another protocol": b"PROXY UDP4 127.0.0.1 127.0.0.1 1 2\r\n",
        "a line that is too long": b"PROXY UNKNOWN " + b"a" * 200 + b"\r\n",
        "a line with LF alone": b"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\n",
        "an address that is none": b"PROXY TCP4 127.0.0.1.1 127.0.0.1 1 2\r\n",
        "a port that is none": b"PROXY TCP4 127.0.0.1 127.0.0.1 1 99999\r\n",
        "two headers": LOCAL + LOCAL,
        "a version that is none": binary(0x31, 0x11, v4("127.0.0.1")),
        "a command that is none": binary(0x22, 0x11, v4("127.0.0.1")),
        "datagrams": binary(0x21, 0x12, v4("127.0.0.1")),
        "addresses that are cut": binary(0x21, 0x11, v4("127.0.0.1")[:8]),
        "bytes that are too many": binary(0x21, 0x11, v4("127.0.0.1") + bytes(8_000)),
    })
    def bad(self, header):
        """A header that is not exactly one is no way in."""
        connection = self.connect()
        connection.try_send(header + METRICS)
        self.assertNotIn(b"200 OK", connection.take_rest())

    def test_slow(self):
        """a header that does not come ends the connection after the time for a head"""
        began = time.monotonic()
        for start in (b"", b"PROX", LOCAL[:-1], binary(0x21, 0x11, v4("127.0.0.1"))[:-1]):
            connection = self.connect()
            connection.try_send(start)
            self.assertEqual(connection.take_rest(), b"")
        self.assertLess(time.monotonic() - began, 20)

    def test_others(self):
        """a connection of an address that is not trusted is closed, whatever it says"""
        connection = self.connect(source="127.0.0.2")
        connection.try_send(LOCAL + METRICS)
        self.assertEqual(connection.take_rest(), b"")


class SecureProxies(unittest.TestCase):
    """The PROXY protocol before TLS."""

    @classmethod
    def setUpClass(cls):
        cls.server = SecureServer("--trusted-proxy", "127.0.0.1", "--proxy-protocol").start()
        cls.addClassCleanup(cls.server.close)
        cls.addClassCleanup(cls.server.stop)

    def test_versions(self):
        """the header names the client of what is said over TLS, by both versions of HTTP"""
        for header, status in ((LOCAL, 200), (b"PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n", 403)):
            context = self.server.authority.context("http/1.1")
            with SecureConnection(self.server.port, context, first=header) as connection:
                self.assertEqual(connection.request("GET", "/metrics").status, status)
            client = FrameClient(self.server, first=header)
            self.addCleanup(client.close)
            client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, request("/metrics")))
            self.assertEqual(client.status_of(1), status)

    def test_streams(self):
        """each stream of a connection of HTTP/2 may be for another client"""
        client = FrameClient(self.server, first=LOCAL)
        self.addCleanup(client.close)
        for stream, (address, status) in enumerate((("192.0.2.1", 403), (None, 200), ("192.0.2.2", 403))):
            extra = [("x-forwarded-for", address)] if address else []
            stream = 2 * stream + 1
            client.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, request("/metrics", extra=extra)))
            self.assertEqual(client.status_of(stream), status)
