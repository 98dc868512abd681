# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""TLS, HTTP/2 and trusted proxies: curl, a real browser, certificates that change, and hostile frames."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tls.certificates import Replacing  # noqa: E402,F401
from tls.command import Command  # noqa: E402,F401
from tls.frame_attacks import FloodAttacks, FrameAttacks, HeadAttacks  # noqa: E402,F401
from tls.handshakes import Handshakes  # noqa: E402,F401
from tls.page import Page  # noqa: E402,F401
from tls.proxies import Forwarded, Forged, ProxyProtocol, SecureProxies  # noqa: E402,F401
from tls.transports import Transports  # noqa: E402,F401

TIMEOUT = 300
CLIENTS = True

if __name__ == "__main__":
    unittest.main()
