// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiOT
import HibikiTestSupport
import Testing

/// Bytes that nobody meant well. `HIBIKI_OT_FUZZ` sets how many inputs are tried, 5,000 by default.
@Suite struct HostileInputTests {
    private static let count = ProcessInfo.processInfo.environment["HIBIKI_OT_FUZZ"].flatMap(Int.init) ?? 5000

    private static let crumbs: [[UInt8]] = [
        "9007199254740991", "-9007199254740991", "1e308", "-", "\\ud83d", "\\ude00", "\"", "[", "]", "{", "}", ",",
        "null", "😀",
        "\"retain\":", "\"attributes\":{\"a\":null}", "{\"delete\":9223372036854775807}", "0", "1.5",
        "18446744073709551616",
    ].map { Array($0.utf8) }

    private static func broken(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(3) {
            guard !bytes.isEmpty else { return Self.crumbs[random.below(Self.crumbs.count)] }
            let index = random.below(bytes.count)
            let end = min(bytes.count, index + 1 + random.below(6))
            switch random.below(6) {
            case 0: bytes[index] = UInt8(random.below(256))
            case 1: bytes[index] ^= 1 << UInt8(random.below(8))
            case 2: bytes.removeSubrange(index..<end)
            case 3: bytes.insert(contentsOf: bytes[index..<end], at: index)
            case 4: bytes.replaceSubrange(index..<end, with: Self.crumbs[random.below(Self.crumbs.count)])
            default: bytes.insert(contentsOf: Self.crumbs[random.below(Self.crumbs.count)], at: index)
            }
        }
        return bytes
    }

    /// Whatever can be read is applied, composed, transformed, inverted and given to a server.
    private func survives<Operation: RandomOperation>(_: Operation.Type, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var read = 0
        for _ in 0..<Self.count {
            let document = try Operation.randomDocument(&random)
            let good = try Operation.random(on: document, &random)
            guard let bad = try? Operation(json: Self.broken(good.json, &random)) else { continue }
            read += 1
            var after = document
            do {
                try after.apply(bad)
                #expect(after.length == document.length + bad.lengthChange)
                #expect(try after.applying(bad.inverted(on: document)) == document)
            } catch {
                #expect(after == document)
            }
            for (a, b) in [(good, bad), (bad, good), (bad, bad)] {
                _ = try? a.composed(with: b)
                _ = try? a.rebased(over: b)
                _ = try? a.advanced(past: b)
            }
            _ = bad.transform(position: random.below(99) - 9, staysBefore: random.chance(2))
            try self.serve(good, bad, on: document, &random)
        }
        #expect(read > Self.count / 50)
    }

    private func serve<Operation: RandomOperation>(
        _ good: Operation, _ bad: Operation, on document: Operation.Document, _ random: inout SeededGenerator
    ) throws {
        var log = try RevisionLog<Operation>(.init(document, revision: 3))
        _ = try log.receive(Submission(good, revision: 3, id: OperationID(client: "good", sequence: 1)))
        let before = log.snapshot
        let revision = [3, 4, 5, -1, .max, .min][random.below(6)]
        let submission = Submission(bad, revision: revision, id: OperationID(client: "bad", sequence: 1))
        let rebased = try? log.rebase(submission)
        let received = try? log.receive(submission)
        #expect(rebased == received)
        if received == nil { #expect(log.snapshot == before) }
        var client = OTClient<Operation>(name: "client", revision: 3)
        _ = try client.edit(good)
        let state = client.state
        let logged = LoggedOperation(
            bad, revision: [4, 4, 3, .max, .min][random.below(5)], id: OperationID(client: "x", sequence: 1))
        if (try? client.receive(logged)) == nil { #expect(client.state == state) }
    }

    @Test func `broken operations on text are refused whole or do something lawful`() throws {
        try self.survives(TextOperation.self, seed: 71)
    }

    @Test func `broken deltas are refused whole or do something lawful`() throws {
        try self.survives(Delta.self, seed: 72)
    }

    @Test func `broken documents and values are refused whole or read`() throws {
        var random = SeededGenerator(seed: 73)
        var refused = 0
        for _ in 0..<Self.count {
            let bytes = Self.broken(try Delta.randomDocument(&random).json, &random)
            if let document = try? RichTextDocument(json: bytes) {
                #expect(try RichTextDocument(json: document.json) == document)
            } else {
                refused += 1
            }
            if let value = try? OTValue(json: bytes) { #expect(try OTValue(json: value.json) == value) }
            _ = try? OTSelection(try OTValue(json: bytes))
            _ = try? OTValue(json: random.bytes(random.below(24)))
        }
        #expect(refused > Self.count / 4)
    }
}
