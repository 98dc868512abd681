# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""People talk on the chat page, in real browsers, over networks that break."""

import unittest

from chat_page import away, comforts, conversation, order, page, places

TIMEOUT = 600
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (conversation, page, order, places, comforts, away)))
