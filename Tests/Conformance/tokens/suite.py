# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Tokens and permissions, against the running server: what is refused, where tokens may stand, how they run out, and what no
token of any shape can do."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tokens.callback import Callback  # noqa: E402,F401
from tokens.expiry import Expiry, TimeToAuthenticate  # noqa: E402,F401
from tokens.key_sets import KeySets  # noqa: E402,F401
from tokens.mutations import Mutations  # noqa: E402,F401
from tokens.own_key import OwnKey  # noqa: E402,F401
from tokens.places import Places  # noqa: E402,F401
from tokens.refused import KeyConfusion, RefusedTokens  # noqa: E402,F401
from tokens.rules import ProductionRules, Rules  # noqa: E402,F401
from tokens.timing import Timing  # noqa: E402,F401
from tokens.web_clients import WebClients  # noqa: E402,F401

TIMEOUT = 300

if __name__ == "__main__":
    unittest.main()
