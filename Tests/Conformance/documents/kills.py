# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server that is killed while people write: what somebody else has seen is there."""

import os
import random
import tempfile
import time
import unittest

from documents.editors import Editors
from support.ports import free_port
from support.postgres import Postgres
from support.server import Server, eventually

KILLS = int(os.environ.get("DOCUMENT_KILLS", "12"))
WRITERS = 4
SEED = 20261123


class Kills(unittest.TestCase):
    def test_whatever_another_has_seen_outlives_the_server_in_sqlite(self):
        self.kill_again_and_again()

    def test_whatever_another_has_seen_outlives_the_server_in_postgresql(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)         # PostgreSQL runs as another user
            with Postgres(folder) as database:
                self.kill_again_and_again("--store", database.address)

    def kill_again_and_again(self, *store):
        """The writers are gone before the server comes back, so that nobody but its store can know what they wrote."""
        chance = random.Random(SEED)
        port = free_port()
        url = f"ws://127.0.0.1:{port}/yjs"
        known = set()
        with tempfile.TemporaryDirectory() as data:
            start = lambda: Server("--port", port, "--data", data, *store).start()  # noqa: E731
            server = start()
            try:
                for _ in range(KILLS):
                    editors = Editors()
                    writers = [editors.open(url, "public/killed") for _ in range(WRITERS)]
                    for writer in writers:
                        eventually(writer.is_synced, what="a writer being synchronised")
                        writer.write(every=2)
                    time.sleep(chance.uniform(0.05, 0.4))
                    server.kill()
                    for writer in writers:
                        known.update(writer.seen())
                    editors.close()
                    server = start()
                    self.check(url, known)
            finally:
                server.stop()
        self.assertGreater(len(known), KILLS)

    def check(self, url, known):
        editors = Editors()
        try:
            reader = editors.open(url, "public/killed")
            eventually(reader.is_synced)
            marks = reader.marks()
            self.assertEqual(len(marks), len(set(marks)), "something is there twice")
            self.assertLessEqual(known, set(marks))
        finally:
            editors.close()
