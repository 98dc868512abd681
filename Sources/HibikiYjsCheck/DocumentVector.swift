// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// A session of several clients, replayed; its updates applied in many orders; functions on their bytes.
struct DocumentVector {
    private let vector: YValue
    private let steps: [YValue]
    private let roots: YObject
    private let collectsGarbage: Bool

    init(_ vector: YValue) {
        self.vector = vector
        self.steps = vector["steps"]?.array ?? []
        self.roots = vector["roots"]?.object ?? [:]
        self.collectsGarbage = vector["gc"]?.bool ?? true
    }

    func run(_ report: inout CheckReport) {
        if self.vector["yrs"] == nil { self.replay(&report) }
        for order in self.vector["orders"]?.array ?? [] { self.check(order, &report) }
        for (index, function) in (self.vector["functions"]?.array ?? []).enumerated() {
            let name = "\(index) \(function["fn"]?.string ?? "?")"
            do {
                try self.check(function, name, &report)
            } catch {
                report.fail(name, "\(error)")
            }
        }
    }

    private func document(_ client: Int? = nil) -> YDocument {
        YDocument(clientID: client, collectsGarbage: self.collectsGarbage)
    }

    // MARK: Replay

    private func replay(_ report: inout CheckReport) {
        var clients: [Int: YDocument] = [:]
        func client(_ id: Int) throws(YError) -> YDocument {
            if let document = clients[id] { return document }
            let document = self.document(id)
            document.cleansFormatting = true
            _ = try Script.open(self.roots, of: document)
            clients[id] = document
            return document
        }
        for (index, step) in self.steps.enumerated() {
            guard let id = step["client"]?.int else { continue }
            do {
                for receive in self.vector["receives"]?.array ?? [] where receive["at"]?.int == index {
                    guard let receiver = receive["client"]?.int, let source = receive["receive"]?.int else { continue }
                    try client(receiver).apply(self.steps[source]["v1"]?.hex ?? [])
                }
                let document = try client(id)
                guard let operations = step["ops"]?.array else {
                    // Only the bytes are known: what the client did itself, or what an older one would have done.
                    try document.apply(step["v1"]?.hex ?? [])
                    document.clientID = id
                    continue
                }
                let opened = try Script.open(self.roots, of: document)
                try self.emit(operations, on: document, opened, index, step, &report)
            } catch {
                report.fail("step \(index)", "\(error)")
            }
        }
    }

    private func emit(
        _ operations: [YValue], on document: YDocument, _ roots: [String: YOutput], _ index: Int, _ step: YValue,
        _ report: inout CheckReport
    ) throws(YError) {
        var first: [UInt8]?
        var second: [UInt8]?
        let one = document.observeUpdates(format: .v1) { update, _ in first = first ?? update }
        let two = document.observeUpdates(format: .v2) { update, _ in second = second ?? update }
        defer {
            document.cancel(one)
            document.cancel(two)
        }
        try document.transact { () throws(YError) in
            for operation in operations { try Script.run(operation.array ?? [], on: roots) }
        }
        report.check("step \(index) v1", first.map(Hex.string), step["v1"]?.string)
        report.check("step \(index) v2", second.map(Hex.string), step["v2"]?.string)
    }

    // MARK: Orders

    private func check(_ order: YValue, _ report: inout CheckReport) {
        let name = order["name"]?.string ?? "?"
        let expect = self.vector["expect"]
        do {
            let document = self.document()
            try self.apply(order, to: document, name, &report)
            let vector = Hex.string(document.stateVector.encoded())
            report.check("\(name): state vector", vector, expect?["stateVectorHex"]?.string)
            report.check("\(name): canonical", json: StateExport.canonical(document), expect?["canonical"] ?? .null)
            for (format, key) in [(YUpdateFormat.v1, "fullUpdateV1"), (.v2, "fullUpdateV2")] {
                let full = order[key]?.string ?? expect?[key]?.string
                guard let full else { continue }
                report.check("\(name): \(key)", Hex.string(document.encodeState(format: format)), full)
            }
            let state = StateExport.state(try Script.open(self.roots, of: document))
            report.check("\(name): state", json: state, expect?["state"] ?? .null)
        } catch {
            report.fail(name, "\(error)")
        }
    }

    private func apply(
        _ order: YValue, to document: YDocument, _ name: String, _ report: inout CheckReport
    ) throws(YError) {
        let format = YUpdateFormat(order["format"])
        let trace = order["trace"]?.array ?? []
        for (index, update) in (order["apply"]?.array ?? []).enumerated() {
            try document.apply(self.bytes(update, format), format: format)
            guard index < trace.count else { continue }
            let expected = trace[index]
            report.check(
                "\(name): after \(index)",
                [
                    Hex.string(document.stateVector.encoded()), "\(document.hasPendingUpdates)",
                    "\(document.hasPendingDeletions)",
                ],
                [
                    expected["sv"]?.string ?? "", "\(expected["pendingStructs"]?.bool ?? false)",
                    "\(expected["pendingDs"]?.bool ?? false)",
                ])
        }
    }

    private func bytes(_ update: YValue, _ format: YUpdateFormat) -> [UInt8] {
        guard let index = update.int else { return update.hex ?? [] }
        return self.steps[index][format == .v1 ? "v1" : "v2"]?.hex ?? []
    }

    // MARK: Functions on bytes

    private func check(_ function: YValue, _ name: String, _ report: inout CheckReport) throws(YError) {
        let update = function["update"]?.hex ?? []
        let vector = try YStateVector(encoded: function["stateVector"]?.hex ?? [0])
        let expected = function["result"]?.string
        switch function["fn"]?.string {
        case "encodeStateVectorFromUpdate":
            report.check(name, Hex.string(try YUpdate.stateVector(of: update).encoded()), expected)
        case "mergeUpdates":
            let updates = (function["updates"]?.array ?? []).map { self.bytes($0, .v1) }
            report.check(name, Hex.string(try YUpdate.merge(updates)), expected)
        case "mergeUpdatesV2":
            let updates = (function["updates"]?.array ?? []).map { self.bytes($0, .v2) }
            report.check(name, Hex.string(try YUpdate.merge(updates, format: .v2)), expected)
        case "diffUpdate":
            report.check(name, Hex.string(try YUpdate.diff(update, from: vector)), expected)
        case "diffUpdateV2":
            report.check(name, Hex.string(try YUpdate.diff(update, from: vector, format: .v2)), expected)
        case "encodeStateAsUpdate":
            let document = self.document()
            for step in self.steps { try document.apply(step["v1"]?.hex ?? []) }
            report.check(name, Hex.string(document.encodeState(from: vector)), expected)
        case "convertUpdateFormatV1ToV2":
            report.check(name, Hex.string(try YUpdate.convert(update, from: .v1, to: .v2)), expected)
        case "convertUpdateFormatV2ToV1":
            report.check(name, Hex.string(try YUpdate.convert(update, from: .v2, to: .v1)), expected)
        case "parseUpdateMeta":
            let range = try YUpdate.range(of: update)
            report.check(name, range.from, Self.vector(function["result"]?["from"]))
            report.check(name, range.to, Self.vector(function["result"]?["to"]))
        default: report.fail(name, "unknown function")
        }
    }

    private static func vector(_ json: YValue?) -> YStateVector {
        var vector = YStateVector()
        for (client, clock) in json?.object ?? [:] {
            if let client = Int(client), let clock = clock.int { vector[client] = clock }
        }
        return vector
    }
}
