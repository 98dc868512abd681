# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The API for back ends, against the running server: keys, publishing, topics, connections and users over every transport, and
whether the server is what its OpenAPI and AsyncAPI documents say."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from server_api.documents import AsyncAPI, OpenAPI  # noqa: E402,F401
from server_api.guide import Guide  # noqa: E402,F401
from server_api.keys import Keys, ReloadedKeys  # noqa: E402,F401
from server_api.people import OverHTTP2, People  # noqa: E402,F401
from server_api.publishing import Publishing  # noqa: E402,F401
from server_api.topics import Topics  # noqa: E402,F401

TIMEOUT = 600

if __name__ == "__main__":
    unittest.main()
