# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the tests of the page have: a server with Yjs, a browser, and a document of their own."""

import itertools
import pathlib
import tempfile

from clients.browser import Browser
from clients.link import Link
from documents_page import yjs_bundle
from documents_page.document_tab import DocumentTab
from server_api.case import make_key
from support.case import ServerCase
from support.server import ROOT

SCREENSHOTS = ROOT / ".build" / "screenshots"
PHONE = (360, 740)
SEED = 20261122
documents = itertools.count(1)


class Desk(ServerCase):
    """`self.enter(name)` opens this test's document."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.key, line = make_key("documents", "manage", "documents/**")
        cls.arguments = ("--document-yjs", yjs_bundle.make(pathlib.Path(folder.name) / "yjs.js"), "--api-key", line)
        super().setUpClass()
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        cls.browser = Browser(size=(1280, 800))
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        super().setUp()
        self.document = f"public/notes {next(documents)}"

    def link(self):
        link = Link(self.server.port)
        self.addCleanup(link.close)
        return link

    def enter(self, name=None, link=None, **options):
        port = link.port if link else self.server.port
        tab = DocumentTab(self.browser, f"http://127.0.0.1:{port}", self.document, name, **options)
        self.addCleanup(tab.close)
        return tab

    def assert_same(self, *tabs, timeout=40):
        """All show the same in the end; returns what."""
        first, *others = tabs
        first.until(lambda: all(one.lines() == first.lines() for one in others),
                    lambda: "\n".join(str(one.lines()) for one in tabs), timeout)
        return first.lines()

    def assert_quiet(self, *tabs, were_cut=False):
        """Not an error on the console, but for what a browser itself says of connections that were cut."""
        for one in tabs:
            errors = [message for message in one.tab.errors if not (
                were_cut and message.type == "error" and message.text.startswith("WebSocket connection to"))]
            self.assertEqual(errors, [], one.name)
