// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import Testing

@Suite struct EngineQueryTests {
    @Test func `the parameters of Engine IO are found among others`() {
        let query = EngineQuery("EIO=4&transport=polling&t=O_abc&sid=FzfZq&token=x%20y&b64=1&j=7")
        #expect(query.version == "4")
        #expect(query.transport == "polling")
        #expect(query.sid == "FzfZq")
        #expect(query.jsonp == "7")
        #expect(query.wantsBase64)
        #expect(query["token"] == "x y")
        #expect(query["t"] == "O_abc")
        #expect(query["missing"] == nil)
        #expect(query.parameters.map(\.name) == ["EIO", "transport", "t", "sid", "token", "b64", "j"])
    }

    @Test func `an empty query has no parameters`() {
        for text in ["", "&", "&&&"] {
            let query = EngineQuery(text[...])
            #expect(query.parameters.isEmpty)
            #expect(query.version == nil)
            #expect(query.transport == nil)
            #expect(query.sid == nil)
            #expect(query.jsonp == nil)
            #expect(!query.wantsBase64)
        }
    }

    @Test(arguments: [
        ("a=1", "a", "1"), ("a", "a", ""), ("a=", "a", ""), ("=1", "", "1"), ("a=b=c", "a", "b=c"),
        ("a=1&a=2", "a", "1"),
        ("a+b=c+d", "a b", "c d"), ("%61=%62", "a", "b"), ("a=%2B", "a", "+"), ("a=%26%3d", "a", "&="),
        ("a=%C3%A9", "a", "é"), ("a=é", "a", "é"), ("a=%", "a", "%"), ("a=%4", "a", "%4"), ("a=%4g%41", "a", "%4gA"),
        ("a=%%41", "a", "%A"), ("a=%FF", "a", "\u{FFFD}"), ("a=%00", "a", "\u{0}"), ("a=1;b=2", "a", "1;b=2"),
        ("__proto__=1", "__proto__", "1"), ("a[b]=1", "a[b]", "1"), ("&a=1&", "a", "1"),
    ])
    func `names and values are decoded`(_ text: String, _ name: String, _ value: String) {
        let query = EngineQuery(text[...])
        #expect(query.parameters.first?.name == name)
        #expect(query[name].map { Array($0.utf8) } == Array(value.utf8))
    }

    @Test func `a mark behind a separator does not hide it`() {
        let query = EngineQuery("a=1&\u{301}b=\u{301}2&c=3")
        #expect(query.parameters.map(\.name) == ["a", "\u{301}b", "c"])
        #expect(query["c"] == "3")
    }

    @Test func `names are compared byte by byte`() {
        #expect(EngineQuery("\u{212A}=1")["K"] == nil)
        #expect(EngineQuery("e\u{301}=1")["é"] == nil)
        #expect(EngineQuery("eio=4").version == nil)
    }

    @Test func `a substring is read without what surrounds it`() {
        let target = "/engine.io/?EIO=4&sid=abc"
        #expect(EngineQuery(target.drop { $0 != "?" }.dropFirst()).sid == "abc")
    }

    @Test(arguments: [("7", "7"), ("007", "007"), ("a1b2", "12"), ("alert(1)", "1"), ("１", nil), ("", nil), ("x", nil)])
    func `only the digits of the callback are kept`(_ value: String, _ digits: String?) {
        #expect(EngineQuery("j=\(value)").jsonp == digits)
    }

    @Test(arguments: [
        ("b64=1", true), ("b64=true", true), ("b64=0", false), ("b64=", false), ("b64", false), ("x=1", false),
    ])
    func `base64 is asked for by a true value`(_ query: String, _ wants: Bool) {
        #expect(EngineQuery(query[...]).wantsBase64 == wants)
    }

    @Test func `an empty session id is none`() {
        #expect(EngineQuery("sid=").sid == nil)
        #expect(EngineQuery("sid=&sid=abc").sid == nil)
    }

    @Test func `text at random is parameters`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<1_000 {
            let text = random.text("ab=&%+4C3é\u{301}", upTo: 40)
            let query = EngineQuery(text[...])
            #expect(query.parameters.count == text.utf8.split(separator: UInt8(ascii: "&")).count)
            for parameter in query.parameters { #expect(query[parameter.name] != nil) }
        }
        #expect(EngineQuery(String(repeating: "%&+=", count: 250_000)[...]).parameters.count == 250_001)
    }
}
