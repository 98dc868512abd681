# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The password: how it is made, what it opens, and when that ends."""

import os
import signal
import stat
import subprocess
import tempfile
import unittest

from admin.case import PASSWORD, AdminCase, make_password
from admin.dashboard import Dashboard
from support.rawclient import Connection
from support.server import Server, binary, eventually

PATHS = ("/admin", "/admin/", "/admin/admin.js", "/admin/feed", "/admin/api/session", "/admin/api/connections")


def run(*arguments, text=""):
    return subprocess.run([binary(), *arguments], input=text, capture_output=True, text=True, timeout=60)


class Off(unittest.TestCase):
    def test_without_a_password(self):
        """without a password there is no dashboard, and nothing says that there could be one"""
        with Server() as server:
            for path in PATHS:
                with Connection(server.port) as connection:
                    answer = connection.request("GET", path)
                    self.assertEqual((answer.status, answer.error_code()), (404, "not_found"), path)
            with Connection(server.port) as connection:
                answer = connection.request("POST", "/admin/api/login", [("X-Hibiki-Admin", "1")], b'{"password":"x"}')
                self.assertEqual(answer.status, 404)
            self.assertNotIn("dashboard", server.log())

    def test_files_that_hold_no_hash(self):
        """a server does not start with a password in the clear, or with a file that is not there, and quotes neither"""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "password")
            done = run("serve", "--port", "0", "--admin-password-file", path)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("No such file", done.stderr)
            with open(path, "w") as file:
                file.write("a password in the clear\n")
            done = run("serve", "--port", "0", "--admin-password-file", path)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("hibiki admin-password", done.stderr)
            self.assertNotIn("in the clear", done.stderr + done.stdout)


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "password")

    def test_file(self):
        """the file is for its owner only, and holds a hash"""
        make_password(self.path)
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        with open(self.path) as file:
            text = file.read()
        self.assertTrue(text.startswith("$scrypt$ln=15,r=8,p=3$") and text.endswith("\n"))
        self.assertNotIn("horse", text)

    def test_generated(self):
        """a password that the command makes is shown once, and opens"""
        done = run("admin-password", "--generate", "--output", self.path)
        self.assertEqual(done.returncode, 0, done.stderr)
        password = done.stdout.strip()
        self.assertRegex(password, r"^([a-z2-9]{5}-){4}[a-z2-9]{5}$")
        with Server("--admin-password-file", self.path) as server, Connection(server.port) as connection:
            body = b'{"password":"' + password.encode() + b'"}'
            answer = connection.request("POST", "/admin/api/login", [("X-Hibiki-Admin", "1")], body)
            self.assertEqual(answer.status, 204)

    def test_short(self):
        """a short password is refused"""
        done = run("admin-password", text="short\n")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("12 to 1024 bytes", done.stderr)

    def test_doctor(self):
        """the doctor reads the file, and says how to make one that is broken"""
        with open(self.path, "w") as file:
            file.write("nothing\n")
        done = run("doctor", "--port", "0", "--admin-password-file", self.path)
        self.assertIn("hibiki admin-password --output", done.stdout)
        make_password(self.path)
        done = run("doctor", "--port", "0", "--admin-password-file", self.path)
        self.assertIn("the dashboard at /admin/ has a password", done.stdout)


class Login(AdminCase):
    def test_words_at_the_start(self):
        """serve says where the dashboard is"""
        self.assertIn(f"the dashboard is at {self.server.url}/admin/", self.server.log())

    def test_wrong_and_right(self):
        """a wrong password is told, and the right one opens; leaving closes again"""
        dashboard = Dashboard(self.browser, self.server.url)
        self.addCleanup(dashboard.close)
        dashboard.page.fill("#password", "wrong horse battery")
        dashboard.page.press("#password", "Enter")
        dashboard.wait_text("#login-problem", "This is not the password.")
        self.assertEqual([request.status for request in dashboard.tab.failures], [401])
        dashboard.tab.clear()
        dashboard.login(PASSWORD)
        self.assertIn("connection", dashboard.heading)
        cookies = [cookie for cookie in dashboard.tab.context.cookies(f"{self.server.url}/admin/")]
        self.assertEqual(
            [(cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) for cookie in cookies],
            [("hibiki-admin", True, "Strict", "/admin")])
        dashboard.page.reload()
        dashboard.wait_live()
        dashboard.page.click("#logout")
        dashboard.wait_login()
        self.assertEqual(dashboard.tab.context.cookies(f"{self.server.url}/admin/"), [])
        self.assertQuiet(dashboard)

    def test_log(self):
        """who comes and who fails stands in the log, and no password"""
        self.assertEqual(self.login("a secret that nobody reads").status, 401)
        self.session()
        eventually(lambda: "somebody has entered the dashboard" in self.server.log(), what="the line of the login")
        self.assertIn("a wrong password for the dashboard", self.server.log())
        self.assertNotIn("nobody reads", self.server.log())
        self.assertNotIn("horse", self.server.log())


class Guessing(AdminCase):
    def test_many_tries(self):
        """who guesses has to wait, longer each time, and another address does not"""
        for _ in range(5):
            self.assertEqual(self.login("wrong horse battery").status, 401)
        answer = self.login("wrong horse battery")
        while answer.status == 401:      # the wait was over on a slow machine; the next one is twice as long
            answer = self.login("wrong horse battery")
        self.assertEqual((answer.status, answer.error_code()), (429, "too_many_tries"))
        self.assertGreater(int(answer.header("retry-after")), 0)
        other = self.connect(source="127.0.0.2")
        self.assertEqual(self.login(connection=other).status, 204)
        dashboard = Dashboard(self.browser, self.server.url)
        self.addCleanup(dashboard.close)
        dashboard.page.fill("#password", "wrong horse battery")

        def told():
            dashboard.page.click("#login button")
            dashboard.tab.wait("!document.querySelector('#login button').disabled")
            return "Too many wrong passwords. Try again in" in dashboard.text("#login-problem")

        eventually(told, timeout=20, interval=0.1, what="the words about the wait")


class Expiry(AdminCase):
    options = ("--admin-session", "3")

    def test_end_of_a_session(self):
        """when a session is over the page says so and asks again, without an error on the way"""
        dashboard = self.dashboard("topics")
        dashboard.wait_login(timeout=15)
        self.assertEqual(dashboard.text("#login-problem"), "The session is over. Log in again.")
        dashboard.tab.wait("document.querySelectorAll('#view *').length === 0")
        dashboard.login(PASSWORD)
        dashboard.wait_heading("Topics")
        self.assertEqual([error for error in dashboard.tab.errors if error.type == "exception"], [])


class Changes(AdminCase):
    def test_new_password(self):
        """a new password counts after SIGHUP, ends all sessions, and an empty page shows nothing of before"""
        dashboard = self.dashboard("connections")
        make_password(self.file, "another horse battery")
        self.server.process.send_signal(signal.SIGHUP)
        dashboard.wait_login()
        self.assertEqual(self.login().status, 401)
        dashboard.login("another horse battery")
        make_password(self.file, PASSWORD)
        self.server.process.send_signal(signal.SIGHUP)
        dashboard.wait_login()

    def test_away_and_back(self):
        """a server that goes away is told, and one that comes back is found"""
        with Server("--admin-password-file", self.file) as first:
            port = first.port
            dashboard = self.dashboard(url=first.url)
            first.kill()
            dashboard.wait_text("#away", "The server cannot be reached.", timeout=20)
            dashboard.tab.clear()
            second = Server(
                command=[binary(), "serve", "--host", "127.0.0.1", "--port", str(port), "--admin-password-file",
                         str(self.file)])
            with second:
                dashboard.wait_login(timeout=30)
                dashboard.login(PASSWORD)
                self.assertEqual(dashboard.text("#away"), "")


class Narrow(AdminCase):
    def test_browser_per_scheme(self):
        """the page works in a dark and in a narrow window, and nothing stands out at its side"""
        for scheme, size in (("dark", (1280, 900)), ("light", (390, 844)), ("dark", (390, 844))):
            dashboard = self.dashboard(
                color_scheme=scheme, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
            for view in ("overview", "connections", "topics", "socketio", "nodes", "limits", "log"):
                dashboard.show(view)
                wide = dashboard.tab.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                self.assertLessEqual(wide, 0, (view, size))
            self.assertQuiet(dashboard)
            dashboard.close()

