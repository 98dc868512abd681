# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Node's `ws` and `eventsource`, in scripts of their own under scripts/."""

import pathlib
import subprocess

from clients.link import Link
from support.case import ServerCase
from support.lines import Lines

HERE = pathlib.Path(__file__).resolve().parent


def command(script, *arguments):
    return ["node", "-r", HERE / "globals.cjs", HERE / "scripts" / script, *arguments]


class Node(ServerCase):
    def test_ws(self):
        """Node's ws subscribes, publishes, resumes, and closes cleanly"""
        done = subprocess.run(
            command("ws.mjs", self.server.ws + "/ws", self.topic),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, "\n" + done.stdout)

    def test_eventsource(self):
        """Node's eventsource comes back by itself after a cut and misses nothing"""
        with Link(self.server.port) as link:
            address = self.events_url(f"http://127.0.0.1:{link.port}")
            with Lines(*command("eventsource.mjs", address)) as reader:
                reader.until("connected")
                self.publish({"n": 1})
                self.assertEqual(reader.next(), 'message {"n": 1}')
                self.assertEqual(link.cut(), 1)
                self.publish({"n": 2})
                reader.until("connected", timeout=20)
                self.assertEqual(reader.next(), 'message {"n": 2}')
                self.publish({"n": 3})
                self.assertEqual(reader.next(), 'message {"n": 3}')
