# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server with a dashboard, whose password is made by the command."""

import pathlib
import subprocess
import tempfile

from admin.dashboard import Dashboard
from clients.browser import Browser
from support.case import ServerCase
from support.rawclient import Connection
from support.server import ROOT, binary

PASSWORD = "correct horse battery"
OWN = ("X-Hibiki-Admin", "1")
SCREENSHOTS = ROOT / ".build" / "screenshots"


def make_password(path, password=PASSWORD):
    """What `hibiki admin-password` writes for a password that comes over its input."""
    done = subprocess.run(
        [binary(), "admin-password", "--output", str(path)], input=password + "\n", capture_output=True, text=True,
        timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"admin-password: {done.stderr}")
    return path


class AdminCase(ServerCase):
    """One server with a dashboard, and one browser, for the tests of a class."""

    options = ()
    size = (1280, 900)

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="hibiki-admin-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.file = make_password(cls.folder / "password")
        cls.arguments = ("--admin-password-file", cls.file, *cls.options)
        super().setUpClass()
        cls.addClassCleanup(cls.server.stop)
        cls.browser = Browser(size=cls.size)
        cls.addClassCleanup(cls.browser.close)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def connect(self, **options):
        connection = Connection(self.server.port, **options)
        self.addCleanup(connection.close)
        return connection

    def login(self, password=PASSWORD, connection=None, headers=()):
        """The answer to a login, without a browser."""
        body = b'{"password":"' + password.encode() + b'"}'
        return (connection or self.connect()).request("POST", "/admin/api/login", [OWN, *headers], body)

    def session(self):
        """The field of a request that has a session."""
        answer = self.login()
        self.assertEqual(answer.status, 204)
        return "Cookie", answer.header("set-cookie").split(";")[0]

    def ask(self, target, session, method="GET", body=None, headers=()):
        """The answer of the dashboard's API, as a value."""
        answer = self.connect().request(method, f"/admin/api/{target}", [OWN, session, *headers], body)
        self.assertEqual(answer.status // 100, 2, answer)
        return answer.json() if answer.body else None

    def dashboard(self, view="", url=None, **options):
        """The dashboard in a tab of its own, logged in."""
        dashboard = Dashboard(self.browser, url or self.server.url, **options)
        self.addCleanup(dashboard.close)
        dashboard.login(PASSWORD)
        if view:
            dashboard.show(view)
        return dashboard

    def assertQuiet(self, dashboard):
        """Not an error on the console, and no failed request but a stream that the page has left."""
        failures = [request for request in dashboard.tab.failures
                    if not (request.kind == "eventsource" and request.failure == "net::ERR_ABORTED")]
        self.assertEqual((dashboard.tab.errors, failures), ([], []))
