// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// Relative positions at every index, and where they are after edits of others.
struct RelativePositionVector {
    private let vector: YValue

    init(_ vector: YValue) { self.vector = vector }

    func run(_ report: inout CheckReport) {
        let document = YDocument()
        let positions = self.vector["positions"]?.array ?? []
        let edits = self.vector["edits"]?.array ?? []
        do {
            // The updates end with the edits; the positions are of the text before them.
            let updates = self.vector["updates"]?.array ?? []
            for update in updates where !edits.contains(update) { try document.apply(update.hex ?? []) }
            let text = try document.text("t")
            for position in positions {
                let made = text.relativePosition(
                    at: position["index"]?.int ?? 0, association: position["assoc"]?.int ?? 0)
                report.check(
                    "made \(position["hex"]?.string ?? "")", Hex.string(made.encoded()), position["hex"]?.string)
            }
            for edit in edits { try document.apply(edit.hex ?? []) }
            for position in positions {
                let read = try YRelativePosition(encoded: position["hex"]?.hex ?? [])
                report.check(
                    "\(position["hex"]?.string ?? "") now", document.resolve(read)?.position,
                    position["afterEdits"]?.int)
            }
        } catch {
            report.fail("relative positions", "\(error)")
        }
    }
}

/// Snapshots of a document that keeps everything, and what happened between them.
struct SnapshotVector {
    private let vector: YValue
    private let roots: YObject

    init(_ vector: YValue) {
        self.vector = vector
        self.roots = vector["roots"]?.object ?? [:]
    }

    func run(_ report: inout CheckReport) {
        let document = YDocument(collectsGarbage: false)
        var snapshots: [YSnapshot] = []
        do {
            for (index, update) in (self.vector["updates"]?.array ?? []).enumerated() {
                try document.apply(update.hex ?? [])
                snapshots.append(document.snapshot())
                guard let expected = self.vector["snapshots"]?.array?.first(where: { $0["afterUpdate"]?.int == index })
                else { continue }
                let snapshot = document.snapshot()
                report.check("\(index) v1", Hex.string(snapshot.encoded()), expected["snapshotV1"]?.string)
                report.check("\(index) v2", Hex.string(snapshot.encoded(.v2)), expected["snapshotV2"]?.string)
            }
            for (index, expected) in (self.vector["snapshots"]?.array ?? []).enumerated() {
                for (key, format) in [("snapshotV1", YUpdateFormat.v1), ("snapshotV2", .v2)] {
                    let snapshot = try YSnapshot(encoded: expected[key]?.hex ?? [], format: format)
                    let restored = try document.document(at: snapshot)
                    let state = StateExport.state(try Script.open(self.roots, of: restored))
                    report.check("\(index) restored from \(key)", json: state, expected["restored"] ?? .null)
                }
            }
            guard let between = self.vector["deltaBetween"], let from = between["from"]?.int,
                let to = between["to"]?.int
            else { return }
            let delta = try document.text("t").delta(from: snapshots[from], to: snapshots[to])
            report.check("between", json: StateExport.delta(delta), between["delta"] ?? .null)
        } catch {
            report.fail("snapshots", "\(error)")
        }
    }
}

/// Undo and redo: the bytes that they emit, and the stacks.
struct UndoVector {
    private let vector: YValue

    init(_ vector: YValue) { self.vector = vector }

    func run(_ report: inout CheckReport) {
        let document = YDocument(clientID: self.vector["client"]?.int)
        do {
            let roots = try Script.open(self.vector["roots"]?.object ?? [:], of: document)
            let undo = YUndoManager([try document.text("t"), try document.map("m")], of: document)
            var emitted: [UInt8]?
            document.observeUpdates { update, _ in emitted = update }
            for (index, step) in (self.vector["steps"]?.array ?? []).enumerated() {
                emitted = nil
                if let update = step["update"]?.hex {
                    try document.apply(update)
                } else if let operation = step["op"]?.array {
                    try Script.run(operation, on: roots)
                } else if step["op"]?.string == "undo" {
                    undo.undo()
                } else {
                    undo.redo()
                }
                if let expected = step["emitted"]?.string {
                    report.check("step \(index): emitted", emitted.map(Hex.string), expected)
                }
                report.check("step \(index): state", json: StateExport.state(roots), step["state"] ?? .null)
                report.check("step \(index): undo", undo.undoCount, step["undoStack"]?.int ?? -1)
                report.check("step \(index): redo", undo.redoCount, step["redoStack"]?.int ?? -1)
            }
        } catch {
            report.fail("undo", "\(error)")
        }
    }
}

/// A conversation of the y-websocket protocol: the updates in it lead both sides to the same document.
struct SyncVector {
    private let vector: YValue

    init(_ vector: YValue) { self.vector = vector }

    func run(_ report: inout CheckReport) {
        let server = YDocument(clientID: self.vector["server"]?["clientID"]?.int)
        let client = YDocument(clientID: self.vector["client"]?["clientID"]?.int)
        do {
            try server.apply(self.vector["server"]?["initial"]?.hex ?? [])
            try client.apply(self.vector["client"]?["initial"]?.hex ?? [])
            for (index, message) in (self.vector["messages"]?.array ?? []).enumerated() {
                let isServer = message["from"]?.string == "server"
                try self.check(
                    message["hex"]?.hex ?? [], from: isServer ? server : client, to: isServer ? client : server,
                    "message \(index)", &report)
            }
            for document in [server, client] {
                let hex = Hex.string(document.stateVector.encoded())
                report.check("state vector", hex, self.vector["expect"]?["stateVectorHex"]?.string)
                let roots = try Script.open(self.vector["roots"]?.object ?? [:], of: document)
                report.check("state", json: StateExport.state(roots), self.vector["expect"]?["state"] ?? .null)
            }
        } catch {
            report.fail("sync", "\(error)")
        }
    }

    private func check(
        _ message: [UInt8], from sender: YDocument, to receiver: YDocument, _ name: String,
        _ report: inout CheckReport
    ) throws(YError) {
        var reader = ByteReader(message)
        guard try reader.varUint() == 0 else { return }
        let kind = try reader.varUint()
        let body = try reader.byteArray()
        switch kind {
        case 0: report.check(name, Hex.string(body), Hex.string(sender.stateVector.encoded()))
        case 1:
            report.check(name, Hex.string(body), Hex.string(sender.encodeState(from: receiver.stateVector)))
            try receiver.apply(body)
        default:
            // The sender has made the change before it sends it.
            try sender.apply(body)
            try receiver.apply(body)
        }
    }
}
