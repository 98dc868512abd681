# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the port puts into the suite: stand-ins for Python 2's library, and edits as (text, replacement, how often)."""

SUITE_VERSION = "25.10.1"
ENGINE_VERSION = "0.10.9"

# Modules of the suite that are carried over, beside case/*.py
SUITE_MODULES = ["_version.py", "caseset.py", "fuzzing.py", "report.py", "testee.py"]
SUITE_DATA = ["testdata"]

SUITE_INIT = '''\
"""Autobahn test suite %s, ported to Python 3 by port.py (WebSocket modes only)."""

from ._version import __version__

version = __version__
''' % SUITE_VERSION

# What Python 2 code of the suite expects of the standard library.
PY2COMPAT = '''\
"""Stand-ins for what the suite expects of Python 2's standard library."""

import binascii as _binascii
import os as _os


class binascii:
    """b2a_hex and hexlify that return text, as Python 2's did."""

    @staticmethod
    def b2a_hex(data):
        if isinstance(data, str):
            data = data.encode("utf8")
        return _binascii.b2a_hex(data).decode("ascii")

    hexlify = b2a_hex


class pkg_resources:
    """resource_filename without setuptools."""

    @staticmethod
    def resource_filename(package, name):
        assert package == "autobahntestsuite", package
        return _os.path.join(_os.path.dirname(_os.path.abspath(__file__)), *name.split("/"))


def text(value):
    """Octets (or None, or text) as text for the reports."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf8", "backslashreplace")
    return value


def same_events(a, b):
    """Strict structural equality: the same types throughout, no str/bytes mix."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same_events(x, y) for x, y in zip(a, b))
    return a == b


def check_payload(payload):
    """The octets handed to the engine must be bytes: text here is a porting bug."""
    if not isinstance(payload, bytes):
        raise TypeError("port bug: payload is %s, not bytes" % type(payload).__name__)
'''

COMPAT_BINASCII = "from autobahntestsuite.py2compat import binascii"

SUITE_EDITS = {
    # upstream imports 9.9.1 and leaves it out of its list of cases
    "case/__init__.py": [("from .case9_9_1 import *\n", "", 1)],
    "case/case.py": [
        ("return pickle.dumps(obj1) == pickle.dumps(obj2)",
         "return same_events(obj1, obj2)", 1),
        ("import pickle\n", "from autobahntestsuite.py2compat import same_events\n", 1),
    ],
    "case/case6_x_x.py": [
        ("s += chr(i)", "s += bytes([i])", 2),
        ("s += chr(0x20)", "s += bytes([0x20])", 1),
        (".tostring()", ".tobytes()", 6),
        ("(object, Case, )", "(Case, )", 1),
    ],
    "case/case6_2_1.py": [("% (PAYLOAD, ", "% (PAYLOAD.decode('utf8'), ", 1)],
    "case/case6_2_2.py": [("% (PAYLOAD1, binascii.b2a_hex(PAYLOAD1), PAYLOAD2, ",
                           "% (PAYLOAD1.decode('utf8'), binascii.b2a_hex(PAYLOAD1), "
                           "PAYLOAD2.decode('utf8'), ", 1)],
    "case/case6_2_3.py": [("% (PAYLOAD, ", "% (PAYLOAD.decode('utf8'), ", 1)],
    "case/case6_2_4.py": [("% (PAYLOAD, ", "% (PAYLOAD.decode('utf8'), ", 1)],
    # indexing a str gave a str, indexing bytes gives an int
    "case/case6_4_2.py": [("PAYLOAD[12]", "PAYLOAD[12:13]", 2)],
    "case/case6_4_4.py": [("PAYLOAD[12]", "PAYLOAD[12:13]", 2)],
    "case/case7_7_X.py": [("(object, Case, )", "(Case, )", 1)],
    "case/case7_9_X.py": [("(object, Case, )", "(Case, )", 1)],
    "case/case9_7_X.py": [("(object, Case, )", "(Case, )", 1)],
    "case/case10_1_1.py": [("len(self.payload) / self.p.autoFragmentSize",
                            "len(self.payload) // self.p.autoFragmentSize", 1)],
    "case/case12_x_x.py": [
        ("(object, Case, )", "(Case, )", 2),
        ("import copy, os, pkg_resources, hashlib, binascii",
         "import copy, os, hashlib\n"
         "from autobahntestsuite.py2compat import binascii, pkg_resources", 1),
    ],
    "caseset.py": [
        (r"'\.'", r"'\\.'", 3),
    ],
    "fuzzing.py": [
        ("import os, json, binascii, time, textwrap, pkg_resources",
         "import os, json, time, textwrap\n"
         "from autobahntestsuite.py2compat import binascii, pkg_resources, text, check_payload", 1),
        # the reports log octets as text
        ("dd = data[:maxlen] + ellipses\n", "dd = data[:maxlen] + ellipses.encode()\n", 1),
        ("p = ''.join(payload)", "p = b''.join(payload)", 1),
        ('"localCloseReason": self.localCloseReason,',
         '"localCloseReason": text(self.localCloseReason),', 1),
        ("self.http_request_data if hasattr(self, 'http_request_data') else '?'",
         "text(self.http_request_data) if hasattr(self, 'http_request_data') else '?'", 1),
        ("self.http_response_data if hasattr(self, 'http_response_data') else '?'",
         "text(self.http_response_data) if hasattr(self, 'http_response_data') else '?'", 1),
        (".encode(\"utf-8\"))\n      f.write('      </table>')",
         ")\n      f.write('      </table>')", 1),
        ("(2+4+len(prefix))*\" \", ll.encode('utf8'))", "(2+4+len(prefix))*\" \", ll)", 1),
        ("f = open(os.path.join(outdir, report_filename), 'w')",
         "f = open(os.path.join(outdir, report_filename), 'w', encoding = 'utf8')", 4),
        # control messages of the fuzzing server are text messages
        ("self.sendMessage(json.dumps(len(self.factory.specCases)))",
         "self.sendMessage(json.dumps(len(self.factory.specCases)).encode('utf8'))", 1),
        ("""self.sendMessage(json.dumps({
               'behavior':results['behavior']
            }))""",
         """self.sendMessage(json.dumps({
               'behavior':results['behavior']
            }).encode('utf8'))""", 1),
        ("""            'description': self.factory.CaseSet.caseClassToPrettyDescription(self.Case),
         }))""",
         """            'description': self.factory.CaseSet.caseClassToPrettyDescription(self.Case),
         }).encode('utf8'))""", 1),
        ("""payload = spec.get("payload", ""), payload_len""",
         """payload = spec.get("payload", "").encode("UTF-8"), payload_len""", 1),
        ("log.msg(\"Pong received: \" + payload)", "log.msg(\"Pong received: %r\" % payload)", 1),
        # the fuzzing server listens where its URL says, not on all interfaces
        ("listenWS(factory, sslContext)",
         "listenWS(factory, sslContext, interface = spec.get('interface', '127.0.0.1'))", 1),
        ("reactor.listenSSL(webport, web, sslContext)",
         "reactor.listenSSL(webport, web, sslContext, interface = spec.get('interface', '127.0.0.1'))", 1),
        ("reactor.listenTCP(webport, web)",
         "reactor.listenTCP(webport, web, interface = spec.get('interface', '127.0.0.1'))", 1),
        # text handed to the engine as payload is a bug of this port: never guess
        ("""class FuzzingProtocol:
   \"\"\"
   Common mixin-base class for fuzzing server and client protocols.
   \"\"\"
""",
         """class FuzzingProtocol:
   \"\"\"
   Common mixin-base class for fuzzing server and client protocols.
   \"\"\"

   def sendFrame(self, opcode, payload = b'', *args, **kwargs):
      check_payload(payload)
      super().sendFrame(opcode, payload, *args, **kwargs)

   def sendCloseFrame(self, code = None, reasonUtf8 = None, isReply = False):
      if reasonUtf8 is not None:
         check_payload(reasonUtf8)
      super().sendCloseFrame(code, reasonUtf8, isReply)

   def sendMessageFrameData(self, payload, sync = False):
      check_payload(payload)
      return super().sendMessageFrameData(payload, sync)
""", 1),
    ],
    "testee.py": [
        ("import autobahn\n", "import autobahn\nfrom twisted.internet import ssl\n", 1),
        ("listenWS(factory, sslContext)", "listenWS(factory, sslContext, interface = '127.0.0.1')", 1),
    ],
}

ENGINE_EDITS = {
    "websocket/protocol.py": [
        # Python 3 division
        ("range(payload_len / len(payload))", "range(payload_len // len(payload))", 1),
        # a close reason that is not UTF-8 made the engine raise, on Python 2 as well: later
        # versions of it fail the connection, as here
        ("if not val[0]:\n                if self.invalidPayload(\"invalid close reason",
         "if not (val[0] and val[1]):\n                if self.invalidPayload(\"invalid close reason", 1),
        ("self.remoteCloseReason = reasonRaw.decode('utf8')",
         "self.remoteCloseReason = reasonRaw.decode('utf8', 'backslashreplace')", 1),
    ],
}
