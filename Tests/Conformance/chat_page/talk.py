# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The base of the tests of the chat page: people in browsers on one server."""

import itertools

from chat_page.room_tab import ChatTab
from clients.browser import Browser
from clients.link import Link
from support.case import ServerCase
from support.server import ROOT

SCREENSHOTS = ROOT / ".build" / "screenshots"
PHONE = (360, 740)
rooms = itertools.count(1)


class Talk(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser(size=(1280, 800))
        cls.addClassCleanup(cls.browser.close)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def setUp(self):
        super().setUp()
        self.room = f"workshop {next(rooms)}"

    def link(self):
        link = Link(self.server.port)
        self.addCleanup(link.close)
        return link

    def enter(self, name=None, link=None, **options):
        port = link.port if link else self.server.port
        tab = ChatTab(self.browser, f"http://127.0.0.1:{port}", name, **options)
        self.addCleanup(tab.close)
        return tab

    def assertQuiet(self, *tabs, were_cut=False):
        """Not an error on the console, but for what a browser itself says of connections that were cut."""
        for one in tabs:
            errors = [message for message in one.tab.errors if not (
                were_cut and message.type == "error"
                and message.text.startswith(("Failed to load resource: net::", "WebSocket connection to")))]
            self.assertEqual(errors, [], one.name)
            refused = [request for request in one.tab.requests if (request.status or 0) >= 400]
            self.assertEqual(refused, [], one.name)
