# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The lines of the guide, as they stand there."""

import os
import re
import subprocess

from server_api.case import ApiCase
from support.server import ROOT

PAGE = ROOT / "Documentation" / "server-api.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^(curl .*\S)  # (\d{3})$")


class Guide(ApiCase):
    def test_every_line_of_the_guide_answers_with_the_status_that_stands_behind_it(self):
        lines = [line for block in BLOCK.findall(PAGE.read_text()) for line in block.splitlines()]
        self.assertGreater(len(lines), 10)
        for line in lines:
            found = LINE.match(line)
            self.assertTrue(found, f"not a line of curl with its status: {line}")
            command = found.group(1).replace("http://127.0.0.1:8080", self.server.url)
            said = subprocess.run(
                ["sh", "-c", command.replace("curl ", "curl -sS -o /dev/null -w '%{http_code}' ", 1)],
                env={**os.environ, "KEY": self.key}, capture_output=True, text=True, timeout=20)
            self.assertEqual(said.stdout, found.group(2), f"{line}\n{said.stderr}")
