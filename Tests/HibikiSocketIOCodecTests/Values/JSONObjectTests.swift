// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct JSONObjectTests {
    /// Below and above the number of members from which names are indexed.
    static let counts = [1, 2, 11, 12, 13, 14, 100]

    private func object(_ count: Int) -> JSONObject {
        JSONObject((0..<count).map { ("n\($0)", .integer(Int64($0))) })
    }

    @Test(arguments: counts) func `members keep the order in which they came`(_ count: Int) {
        #expect(self.object(count).names == (0..<count).map { "n\($0)" })
    }

    @Test(arguments: counts) func `every member is found by its name`(_ count: Int) {
        let object = self.object(count)
        for index in 0..<count { #expect(object["n\(index)"] == .integer(Int64(index))) }
        #expect(object["n\(count)"] == nil)
    }

    @Test(arguments: counts) func `of members with the same name the last wins, at the first's place`(_ count: Int) {
        var object = self.object(count)
        object["n0"] = "new"
        #expect(object.count == count)
        #expect(object.first?.name == "n0")
        #expect(object.first?.value == "new")
    }

    @Test(arguments: counts) func `a member can be removed, and all others are still found`(_ count: Int) {
        var object = self.object(count)
        object["n0"] = nil
        object["nobody"] = nil
        #expect(object.count == count - 1)
        #expect(object["n0"] == nil)
        for index in 1..<count { #expect(object["n\(index)"] == .integer(Int64(index))) }
        object["n0"] = true
        #expect(object.last?.name == "n0")
        #expect(object["n0"] == true)
    }

    @Test(arguments: [0, 20]) func `names are compared byte by byte`(_ others: Int) {
        var object = self.object(others)
        object["e\u{301}"] = 1
        object["\u{E9}"] = 2
        #expect(object.count == others + 2)
        #expect(object["e\u{301}"] == 1)
        #expect(object["\u{E9}"] == 2)
    }

    @Test func `objects with the same members are equal in whatever order`() {
        let one: JSONObject = ["a": 1, "b": 2]
        let other: JSONObject = ["b": 2, "a": 1]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != ["a": 1, "b": 3])
        #expect(one != ["a": 1])
        #expect(one != ["a": 1, "c": 2])
    }

    @Test func `a literal may repeat a name`() {
        let object: JSONObject = ["a": 1, "a": 2]
        #expect(object.count == 1)
        #expect(object["a"] == 2)
    }

    @Test(.timeLimit(.minutes(1))) func `a hundred thousand members cost no more than linear time`() throws {
        let text = "{" + (0..<100_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        let value = try JSON(.json(text))
        #expect(value.object?.count == 100_000)
        #expect(value["99999"] == 0)
    }
}
