// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTestSupport
import Testing

@Suite struct `A vector of positions` {
    @Test func `is read back, in whatever order its topics are asked for`() throws {
        let (news, prices) = (try Topic("public/news"), try Topic("public/prices"))
        var vector = PositionVector()
        vector[prices] = .test(3, epoch: 9)
        vector[news] = .test(.max)
        let read = try #require(PositionVector(vector.description))
        #expect(read == vector)
        #expect(read[news] == .test(.max))
        #expect(read[prices] == .test(3, epoch: 9))
        #expect(read[try Topic("public/other")] == nil)
    }

    @Test func `forgets a topic and replaces a position`() throws {
        let topic = try Topic("public/a")
        var vector = PositionVector()
        vector[topic] = .test(1)
        vector[topic] = .test(2)
        #expect(vector[topic] == .test(2))
        vector[topic] = nil
        #expect(vector == PositionVector())
    }

    @Test func `holds as many topics as a request may name, and no more`() throws {
        var vector = PositionVector()
        for number in 0..<PositionVector.maximumEntries {
            vector[try Topic("public/\(number)")] = .test(UInt64(number))
        }
        let full = try #require(PositionVector(vector.description))
        #expect(full[try Topic("public/127")] == .test(127))
        vector[try Topic("public/more")] = .test(1)
        #expect(PositionVector(vector.description) == nil)
    }

    @Test(arguments: [
        "", "v1", "v2.", "V1.", "v1.A", "v1.AAAA", "v1.====", "v1.AAAAAAAAAAAAAAAAAAAAAAAAAA+", "v1.\u{0}",
        "v1.AAAAAAAAAAAAAAAAAAAAAAAAAAB", "v1.AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v1.ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ",
    ])
    func `has no other text`(_ text: String) {
        #expect(PositionVector(text) == nil)
    }

    @Test func `is not a megabyte long`() {
        #expect(PositionVector("v1." + String(repeating: "A", count: 27 << 15)) == nil)
    }

    @Test func `is read back or refused, whatever is written`() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<10_000 {
            let text = "v1." + generator.text("ABCDabcd0189-_", upTo: 84)
            if let vector = PositionVector(text) {
                #expect(vector.description == text)
            }
        }
    }
}
