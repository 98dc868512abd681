// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct ArgumentErrorTests {
    private struct Order: Decodable {
        enum Size: String, Decodable { case small, large }

        struct User: Decodable {
            var name: String
            var age: Int
        }

        struct Item: Decodable {
            var size: Size
            var count: UInt8
        }

        var user: User
        var items: [Item]
        var notes: [String: [Int]]?
    }

    @Test(arguments: [
        (#"{"user":{"name":"x","age":"3"},"items":[]}"#, "arguments[0].user.age: expected an integer, found a string"),
        (#"{"user":{"name":"x"},"items":[]}"#, "arguments[0].user.age: expected an integer, found nothing"),
        (#"{"user":{"name":null,"age":3},"items":[]}"#, "arguments[0].user.name: expected a string, found null"),
        (#"{"user":[],"items":[]}"#, "arguments[0].user: expected an object, found an array"),
        (#"{"user":{"name":"x","age":3}}"#, "arguments[0].items: expected a value, found nothing"),
        (#"{"user":{"name":"x","age":3},"items":{}}"#, "arguments[0].items: expected an array, found an object"),
        (
            #"{"user":{"name":"x","age":3},"items":[{"size":"small","count":1},{"size":"large","count":256}]}"#,
            "arguments[0].items[1].count: expected an integer from 0 to 255, found another"
        ),
        (
            #"{"user":{"name":"x","age":3},"items":[],"notes":{"a b\n":[1,true]}}"#,
            #"arguments[0].notes["a b\n"][1]: expected an integer, found a boolean"#
        ),
        ("7", "arguments[0]: expected an object, found an integer"),
        ("{", "arguments[0]: no JSON: expected a member's name at byte 1"),
    ])
    func `an error names the path and what stands there`(_ text: String, _ expected: String) {
        #expect(complaint { try ArgumentDecoder().decode(Order.self, from: .json(text)) } == expected)
    }

    @Test func `a case that does not exist is named by its path`() {
        let text = #"{"user":{"name":"x","age":3},"items":[{"size":"huge","count":1}]}"#
        let complaint = complaint { try ArgumentDecoder().decode(Order.self, from: .json(text)) }
        #expect(complaint?.hasPrefix("arguments[0].items[0].size: ") == true)
    }

    @Test func `the caller says what the path begins with`() {
        let argument = RawArgument.json(#"{"token":1}"#)
        func words(_ path: ArgumentPath) -> String? {
            complaint { try ArgumentDecoder().decode([String: String].self, from: argument, at: path) }
        }
        #expect(words(.argument(12)) == "arguments[12].token: expected a string, found an integer")
        #expect(words(.auth) == "auth.token: expected a string, found an integer")
        #expect(
            words(ArgumentPath(.named("data"), [.index(1)])) == "data[1].token: expected a string, found an integer")
    }

    @Test func `what a client sent is cut before it is quoted`() {
        let long = String(repeating: "x", count: 100_000)
        let name = complaint { try ArgumentDecoder().decode([String: Int].self, from: .json("{\"\(long)\":null}")) }
        #expect((name?.utf8.count ?? .max) < 300)
        let text = #"{"user":{"name":"x","age":3},"items":[{"size":"\#(long)","count":1}]}"#
        let value = complaint { try ArgumentDecoder().decode(Order.self, from: .json(text)) }
        #expect((value?.utf8.count ?? .max) < 300)
    }
}
