# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Checks the floors of the house against the real imports of Sources/: floors.py [DIRECTORY]

Arrows point down only: a target imports what its row below names and nothing else. The build refuses an import that
Package.swift does not declare; this refuses one that Package.swift should not declare either.
"""

import pathlib
import re
import sys
from dataclasses import dataclass

PLATFORM = {"Darwin", "Glibc", "Musl", "Android"}
FOUNDATION = {"Foundation", "FoundationEssentials", "Dispatch"}
FEATURES = {"HibikiChat", "HibikiNotifications", "HibikiCollaboration", "HibikiUploads"}
STORES = {"HibikiSQL", "HibikiSQLite", "HibikiPostgres"}
BROKERS = {"HibikiRedis", "HibikiNATS"}
CODECS = {"HibikiWire", "HibikiWebSocketCodec", "HibikiSocketIOCodec"}

# target: what it may import, beside the standard library
MAY_IMPORT = {
    # 1: bytes in, values and actions out
    "CZlib": set(),
    "CPostgres": set(),
    "HibikiWire": {"NIOCore"},
    # Generated
    "HibikiProtobuf": {"SwiftProtobuf", "Foundation", "FoundationEssentials"},
    "HibikiWebSocketCodec": {"NIOCore", "CZlib", "Crypto"},
    # `Data` and `Date` are arguments of events too
    "HibikiSocketIOCodec": {"NIOCore", "HibikiWire", "Foundation", "FoundationEssentials"},
    "HibikiWeb": {"CWebFiles", "Crypto"},
    "HibikiYjs": set(),
    # Runs recorded vectors for the tests and the command
    "HibikiYjsCheck": {"HibikiYjs"},
    "HibikiOT": set(),
    # A backend of swift-metrics; what counts without it uses its values
    "HibikiMetrics": {"Metrics", "Synchronization"},
    # A backend of swift-log; whoever logs imports swift-log alone
    "HibikiLogging": {"HibikiWire", "Logging", "Synchronization", "Dispatch", *PLATFORM},
    # A backend of swift-distributed-tracing; whoever makes spans imports Tracing alone
    "HibikiTracing": {
        "HibikiWire", "NIOCore", "Tracing", "ServiceLifecycle", "Synchronization", "DequeModule", "Logging",
    },
    # 2: topics, the log, the hub
    "HibikiMessaging": {"NIOCore", "HibikiWire", "HibikiMetrics", "Synchronization", "DequeModule", "Logging", "Metrics"},
    # 3: the network, the features, the clients
    "HibikiTransports": {
        "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "NIOHTTP2", "NIOHPACK", "HibikiWire", "HibikiWebSocketCodec",
        "HibikiMessaging", "HibikiMetrics", "Synchronization", "DequeModule", "Logging", "Metrics", *PLATFORM,
    },
    "HibikiChat": {"NIOCore", "HibikiWire", "HibikiMessaging", "Synchronization", "Logging", "Metrics"},
    "HibikiNotifications": {"HibikiWire", "HibikiMessaging", "Synchronization", "Logging", "Metrics"},
    "HibikiCollaboration": {
        "HibikiWire", "HibikiMessaging", "HibikiYjs", "HibikiOT", "Synchronization", "Logging", "Metrics",
    },
    # Its disk store and its child processes are files and programs of this machine
    "HibikiUploads": {
        "HibikiWire", "HibikiMessaging", "NIOCore", "NIOPosix", "Crypto", "DequeModule", "Synchronization", "Logging",
        "Metrics", *PLATFORM,
    },
    "HibikiClient": {
        *CODECS, "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "NIOTLS", "Synchronization", "Logging", *PLATFORM, *FOUNDATION,
    },
    # 4: Socket.IO, stores and brokers
    "HibikiSocketIO": {
        "HibikiWire", "HibikiSocketIOCodec", "HibikiWebSocketCodec", "HibikiMessaging", "HibikiTransports", "NIOCore",
        "Synchronization", "DequeModule", "HeapModule", "Logging", "Metrics",
    },
    "HibikiSQL": {"NIOCore", "HibikiWire", "HibikiMessaging", *FEATURES, "Synchronization", "Logging", "Metrics", *FOUNDATION},
    "HibikiSQLite": {"HibikiSQL", "GRDB", "Synchronization", "Logging", *PLATFORM, *FOUNDATION},
    "HibikiPostgres": {"HibikiSQL", "CPostgres", "Synchronization", "Logging", *PLATFORM, *FOUNDATION},
    "HibikiS3": {
        "HibikiUploads", "HibikiMessaging", "HibikiWire", "NIOCore", "NIOPosix", "NIOHTTP1", "AsyncHTTPClient", "Crypto",
    },
    "HibikiRedis": {
        "HibikiWire", "HibikiMessaging", "CHiredis", "NIOCore", "Synchronization", "Logging", "Metrics", *PLATFORM,
    },
    "HibikiNATS": {
        "HibikiWire", "HibikiMessaging", "CNATS", "NIOCore", "Synchronization", "Logging", "Metrics", *PLATFORM,
    },
    # 5: composition
    "HibikiServer": {
        *CODECS, "HibikiS3", "HibikiMessaging", "HibikiTransports", "HibikiSocketIO", *FEATURES, *STORES, *BROKERS, "HibikiYjs",
        "HibikiOT", "HibikiMetrics", "HibikiLogging", "HibikiTracing", "Tracing", "HibikiWeb", "CryptoExtras",
        "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "NIOHTTPTypes",
        "NIOHTTPTypesHTTP1", "NIOHTTPTypesHTTP2", "Hummingbird", "HummingbirdCore", "HummingbirdHTTP2",
        "HummingbirdTLS", "HTTPTypes", "ServiceLifecycle", "UnixSignals", "Crypto", "JWTKit", "X509", "AsyncHTTPClient",
        "DequeModule", "Synchronization", "Logging", "Metrics", *PLATFORM, *FOUNDATION,
    },
    # 6: the command
    "hibiki": {
        *CODECS, "HibikiMessaging", "HibikiTransports", "HibikiSocketIO", "HibikiClient", "HibikiServer", "HibikiMetrics",
        "HibikiSQL", "HibikiSQLite", "HibikiChat", "HibikiUploads", "HibikiS3", "HibikiYjsCheck",
        "HibikiLogging", "HibikiTracing", "Tracing", "NIOCore", "NIOPosix", "NIOSSL",
        "ArgumentParser", "Configuration", "Histogram", "ServiceLifecycle", "SystemPackage", "UnixSignals",
        "DequeModule", "Synchronization", "Logging", "Metrics", *PLATFORM, *FOUNDATION,
    },
}

# Targets that do not stand in Sources/
ELSEWHERE = {"HibikiWeb": "Web"}

GROUND = {"HibikiWire", "HibikiWebSocketCodec", "HibikiSocketIOCodec", "HibikiWeb"}
ALGORITHMS = {"HibikiYjs", "HibikiOT"}
HTTP = {"NIOHTTP1", "NIOHTTP2", "NIOHTTPTypes", "HTTPTypes", "Hummingbird", "HummingbirdCore"}

# (targets, modules, why not): the first row that fits gives the words of a refusal
REASONS = [
    (ALGORITHMS, None, "it imports the standard library only"),
    (None, {"HibikiServer"}, "nobody imports it but the command and tests"),
    (GROUND, {"NIOPosix", "Hummingbird", "Dispatch", *FOUNDATION, *PLATFORM}, "the ground floor has no socket, clock or file"),
    (GROUND, {"Synchronization", "Logging", "Metrics"}, "the ground floor has no lock, logger or metric"),
    ({"HibikiMessaging"}, HTTP, "messaging knows no HTTP"),
    ({"HibikiMessaging"}, STORES | BROKERS | {"GRDB", "CPostgres", "CHiredis", "CNATS"}, "messaging knows no database"),
    ({"HibikiMessaging"}, FEATURES, "messaging knows no feature"),
    ({"HibikiTransports"}, FEATURES, "a transport knows no feature"),
    ({"HibikiTransports"}, STORES | BROKERS, "a transport knows no store and no broker"),
    ({"HibikiTransports"}, {"HibikiSocketIO"}, "Socket.IO stands on the transports"),
    (FEATURES, FEATURES, "features do not know each other; what they say to each other stands in HibikiServer"),
    (FEATURES, HTTP, "a feature knows no HTTP; its routes stand in HibikiServer"),
    (FEATURES, STORES | {"GRDB", "CPostgres"}, "a feature declares its store as a protocol and knows no database"),
    ({"HibikiSQL"}, {"HibikiTransports"} | BROKERS | HTTP, "stores know no transport, broker or HTTP"),
    ({"HibikiClient"}, {"HibikiMessaging", "HibikiTransports", "HibikiSocketIO"} | FEATURES | STORES | BROKERS,
     "an app that links the client carries no server"),
]

# Libraries that several floors share on purpose; each other library enters in one target.
SHARED = {
    "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "NIOHTTP1", "Synchronization", "DequeModule", "Logging", "Metrics",
    "Tracing",
    "ServiceLifecycle", "UnixSignals", "Crypto", "AsyncHTTPClient", *PLATFORM, *FOUNDATION,
}

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?(\w+)"
)
STRING = re.compile(r'"(?:\\.|[^"\\])*"')


@dataclass(frozen=True)
class Violation:
    path: str
    line: int
    words: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.words}"


def imports(source):
    """(line, module) of each import; those in comments and in string literals do not count."""
    comment, text = 0, False
    for number, line in enumerate(source.splitlines(), 1):
        if not comment and not text:
            found = IMPORT.match(line)
            if found:
                yield number, found.group(1)
        if not comment and line.count('"""') % 2:
            text = not text
        elif not text:
            code = line if comment else STRING.sub("", line).partition("//")[0]
            comment = max(0, comment + code.count("/*") - code.count("*/"))


def owner(module):
    """The one target in which a third-party library enters, or None where several may."""
    if module in SHARED or module in MAY_IMPORT:
        return None
    owners = [target for target, allowed in MAY_IMPORT.items() if module in allowed]
    return owners[0] if len(owners) == 1 else None


def reason(target, module):
    for targets, modules, words in REASONS:
        if (targets is None or target in targets) and (modules is None or module in modules):
            return words
    if owner(module):
        return f"{module} enters in {owner(module)} only"
    if module in MAY_IMPORT:
        return "arrows point down only"
    return "it is not in the table of scripts/floors.py"


def check(root):
    """Everything that breaks a floor, in the order of the targets and their files."""
    violations = []
    for target, folder in targets(root):
        if target not in MAY_IMPORT:
            where = str(folder.relative_to(root))
            violations.append(Violation(where, 1, "a target without a floor: give it a row in scripts/floors.py"))
            continue
        for path in sorted(folder.rglob("*.swift")):
            for line, module in imports(path.read_text(encoding="utf-8")):
                if module == target or module in MAY_IMPORT[target]:
                    continue
                words = f"{target} may not import {module}: {reason(target, module)}"
                violations.append(Violation(str(path.relative_to(root)), line, words))
    return violations


def targets(root):
    """(name, folder) of each target that is there."""
    folders = [(folder.name, folder) for folder in (root / "Sources").glob("*") if folder.is_dir()]
    folders += [(name, root / folder) for name, folder in ELSEWHERE.items() if (root / folder).is_dir()]
    return sorted(folders)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1]).resolve()
    violations = check(root)
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
