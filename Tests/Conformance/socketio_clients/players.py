# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Plays the scenarios of scripts/ with socket.io-client, in Node and in Chromium.

A scenario is a function of a JavaScript module that runs in both: it makes sockets, says what becomes of the network
between, and throws where something is not as it should be. The network is a Link that lives here.
"""

import json
import pathlib
import sys
import unittest

from clients.browser import Browser
from clients.bundles import place
from clients.link import Link
from support.lines import Lines
from support.target import TargetCase

SCRIPTS = pathlib.Path(__file__).resolve().parent / "scripts"
WWW = pathlib.Path(sys.prefix).parent / "www"      # beside the environment that clients/install.sh made
COMMANDS = {
    "cut": Link.cut,
    "fin": lambda link: link.cut(reset=False),
    "down": Link.down,
    "up": Link.up,
    "freeze": Link.freeze,
    "thaw": Link.thaw,
}


class Player(TargetCase):
    """`client` and `version` stand before the title of each test; `options` are those of every socket."""

    client = ""
    version = "4.8.1"
    options = {}

    def setUp(self):
        super().setUp()
        self.link = Link(self.port)
        self.addCleanup(self.link.close)

    def shortDescription(self):
        return f"socket.io-client {self.version} in {self.client}: {unittest.TestCase.shortDescription(self)}"

    def bundle(self):
        return place(WWW, self.version)

    def command(self, word):
        return COMMANDS[word](self.link)

    def setting(self, argument, options):
        return {
            "direct": self.server.url, "linked": f"http://127.0.0.1:{self.link.port}",
            "options": {**self.options, **options}, "argument": argument}


class InNode(Player):
    client = "Node"

    def play(self, file, name, argument=None, **options):
        setting = json.dumps(self.setting(argument, options))
        with Lines("node", "-r", SCRIPTS / "globals.cjs", SCRIPTS / "main.mjs", self.bundle(), file, name,
                   setting) as lines:
            while (line := lines.next(timeout=60)) != "done":
                if line is None:
                    self.fail("\n" + "\n".join(lines.seen[:-1]))
                if line.startswith("link "):
                    self.command(line.removeprefix("link "))


# Any page of the server's origin will do, and this refusal has a body for certain. It must really come from there: a
# page that is made up has no address, and Chromium keeps such a one from connecting to loopback.
PAGE = "/socket.io/?transport=none"
LOAD = """async ([file, name]) => {
    const { play } = await import('/stage/peer.mjs')
    const scenario = (await import('/stage/' + file))[name]
    globalThis.begin = setting => play(scenario, { ...setting, io, command })
}"""


class InChromium(Player):
    """In a page of the server's own origin; the scripts in it are handed to the browser here."""

    client = "Chromium"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.tab = cls.browser.open(bypass_csp=True)
        cls.tab.page.expose_function("command", lambda word: cls.commanded(word))

    def setUp(self):
        super().setUp()
        type(self).commanded = self.command

    def play(self, file, name, argument=None, **options):
        setting = self.setting(argument, options)
        page = self.tab.page
        page.route("**/stage/*", self.file)
        self.tab.goto(setting["linked"] + PAGE)
        page.add_script_tag(url="/stage/socket.io.min.js")
        self.tab.eval(LOAD, [file, name])
        page.unroute_all()
        self.tab.clear()
        self.tab.eval("setting => begin(setting)", setting)

    def file(self, route):
        name = route.request.url.rpartition("/")[2]
        path = self.bundle() if name == "socket.io.min.js" else SCRIPTS / name
        route.fulfill(body=path.read_bytes(), content_type="text/javascript")
