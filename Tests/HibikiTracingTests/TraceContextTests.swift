// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import Testing

@testable import HibikiTracing

@Suite struct `The field traceparent` {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func `is read and written alike`() throws {
        let trace = try #require(TraceContext(parent: Self.parent, state: "a=1,b=2"))
        #expect(trace.traceID.description == "0af7651916cd43dd8448eb211c80319c")
        #expect(trace.spanID.description == "b7ad6b7169203331")
        #expect(trace.isSampled)
        #expect(trace.state == "a=1,b=2")
        #expect(trace.parent == Self.parent)
    }

    @Test(arguments: [("00", false), ("01", true), ("02", false), ("03", true), ("ff", true)])
    func `says in its lowest bit whether it is recorded`(_ flags: String, _ isSampled: Bool) {
        #expect(TraceContext(parent: Self.parent.dropLast(2) + flags)?.isSampled == isSampled)
    }

    @Test(arguments: [
        "", "00", "x", Self.parent + "-", Self.parent + "0", String(Self.parent.dropLast()),
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-+1",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        Self.parent + ", " + Self.parent,
    ]) func `that is not well-formed counts as none`(_ text: String) {
        #expect(TraceContext(parent: text) == nil)
    }

    @Test(arguments: ["", "-", "-what-comes-later"])
    func `of a later version is read as far as it is known`(_ more: String) {
        #expect(TraceContext(parent: "cc" + Self.parent.dropFirst(2) + more)?.parent == Self.parent)
    }

    @Test(arguments: ["a=\u{7}", "a=é", String(repeating: "a", count: 513)])
    func `stays when the state beside it cannot be handed on`(_ state: String) {
        #expect(TraceContext(parent: Self.parent, state: state)?.state == "")
    }

    @Test func `never traps on bytes of any kind`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            var bytes = Array(Self.parent.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(.random(in: 0...255, using: &generator), at: index)
                }
            }
            guard let trace = TraceContext(parent: String(decoding: bytes, as: UTF8.self)) else { continue }
            #expect(TraceContext(parent: trace.parent)?.traceID == trace.traceID)
        }
    }
}

@Suite struct `A share of traces` {
    private func id(_ low: UInt64) throws -> TraceContext.TraceID {
        try #require(TraceContext.TraceID(high: 1, low: low))
    }

    @Test(arguments: [0, -1, .nan]) func `of nothing takes none`(_ ratio: Double) throws {
        #expect(try !RatioSampler(ratio).takes(self.id(0)))
    }

    @Test(arguments: [1, 2, .infinity]) func `of one takes all`(_ ratio: Double) throws {
        #expect(try RatioSampler(ratio).takes(self.id(.max)))
    }

    @Test func `is decided by the id alone`() throws {
        let half = RatioSampler(0.5)
        #expect(try half.takes(self.id(.max / 2)))
        #expect(try !half.takes(self.id(.max / 2 + 1)))
    }
}
