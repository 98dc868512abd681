// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// Runs vectors that were recorded from Yjs: what it emits, what it makes of updates in every order, what its
/// functions on bytes return. Bytes are compared with those of Yjs 13.6.31.
public enum VectorCheck {
    /// Checks one vector, given as the text of its file. A text that is no vector is a check that failed.
    public static func run(_ text: String) -> CheckReport {
        guard let vector = try? JSONScanner.value(text, depth: 1000) else {
            var report = CheckReport(vector: "?")
            report.fail("text", "not JSON")
            return report
        }
        var report = CheckReport(vector: vector["id"]?.string ?? "?")
        switch vector["kind"]?.string {
        case "doc": DocumentVector(vector).run(&report)
        case "pending": PendingVector(vector).run(&report)
        case "malformed": MalformedVector(vector).run(&report)
        case "lib0": Lib0Vector(vector).run(&report)
        case "awareness": AwarenessVector(vector).run(&report)
        case "sync": SyncVector(vector).run(&report)
        case "relpos": RelativePositionVector(vector).run(&report)
        case "snapshot": SnapshotVector(vector).run(&report)
        case "undo": UndoVector(vector).run(&report)
        case let kind: report.fail("kind", "unknown kind \(kind ?? "none")")
        }
        return report
    }
}

extension YUpdateFormat {
    init(_ json: YValue?) { self = json?.string == "v2" ? .v2 : .v1 }
}
