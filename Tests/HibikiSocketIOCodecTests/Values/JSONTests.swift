// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct JSONTests {
    private let json: JSON = [
        "user": ["names": ["Ada", "Countess"], "age": 36, "height": 1.65, "admin": true, "boss": nil]
    ]

    @Test func `a path leads through members and elements`() {
        #expect(self.json["user"]["names"][1].string == "Countess")
        #expect(self.json["user"]["age"].integer == 36)
        #expect(self.json["user"]["height"].double == 1.65)
        #expect(self.json["user"]["admin"].bool == true)
    }

    @Test(arguments: [-1, 2, Int.max, Int.min])
    func `an element that is not there is null`(_ index: Int) {
        #expect(self.json["user"]["names"][index].isNull)
    }

    @Test func `a path that leads nowhere ends in null`() {
        #expect(self.json["nobody"]["names"][0]["x"] == .null)
        #expect(self.json["user"]["age"]["x"] == .null)
        #expect(self.json["user"]["age"][0] == .null)
    }

    @Test func `an absent member differs from one that is null`() {
        #expect(self.json["user"].object?["boss"] == .null)
        #expect(self.json["user"].object?["nobody"] == nil)
    }

    @Test func `each accessor takes its own kind only`() {
        let values: [JSON] = [nil, true, 1, 1.5, "x", [], [:], .bytes(1)]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false, false, false])
        #expect(values.map(\.bool) == [nil, true, nil, nil, nil, nil, nil, nil])
        #expect(values.map(\.integer) == [nil, nil, 1, nil, nil, nil, nil, nil])
        #expect(values.map(\.double) == [nil, nil, 1, 1.5, nil, nil, nil, nil])
        #expect(values.map(\.string) == [nil, nil, nil, nil, "x", nil, nil, nil])
        #expect(values.map(\.array) == [nil, nil, nil, nil, nil, [], nil, nil])
        #expect(values.map(\.object) == [nil, nil, nil, nil, nil, nil, [:], nil])
        #expect(values.map(\.binary) == [nil, nil, nil, nil, nil, nil, nil, ByteBuffer(bytes: [1])])
    }

    @Test(arguments: [1e300, -1e300, 9_223_372_036_854_775_808, .infinity, .nan, 0.5])
    func `a number that is no integer of 64 bits is none`(_ number: Double) {
        #expect(JSON.number(number).integer == nil)
    }

    @Test func `a whole number equals the integer, and hashes like it`() {
        for integer: Int64 in [0, 1, -1, 1 << 53, .min] {
            #expect(JSON.integer(integer) == .number(Double(integer)))
            #expect(JSON.integer(integer).hashValue == JSON.number(Double(integer)).hashValue)
        }
        #expect(JSON.integer(.max) != .number(9_223_372_036_854_775_808))
        #expect(JSON.integer(1) != .number(1.5))
        #expect(JSON.number(.nan) != .number(.nan))
    }

    @Test func `values of different kinds differ`() {
        let values: [JSON] = [nil, true, false, 1, 1.5, "", "1", [], [nil], [:], ["a": nil], .bytes(), .bytes(1)]
        for (i, one) in values.enumerated() {
            for (j, other) in values.enumerated() { #expect((one == other) == (i == j)) }
        }
    }

    @Test func `texts are equal when their bytes are`() {
        #expect(JSON.string("e\u{301}") != .string("\u{E9}"))
        #expect(JSON.string("\u{212A}") != .string("K"))
    }

    @Test func `any value equals itself and a copy with its members in another order`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let value = JSON.random(&generator)
            #expect(value == value)
            guard let object = value.object else { continue }
            let reversed = JSON.object(JSONObject(object.reversed().map { ($0.name, $0.value) }))
            #expect(value == reversed)
            #expect(value.hashValue == reversed.hashValue)
        }
    }
}
