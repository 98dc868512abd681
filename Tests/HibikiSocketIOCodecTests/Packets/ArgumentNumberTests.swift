// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@Suite struct ArgumentNumberTests {
    private func written(_ number: Double) -> String {
        var writer = JSONArgumentWriter()
        writer.append(double: number)
        return String(buffer: writer.output)
    }

    /// What `JSON.stringify` gives for the same numbers.
    static let numbers: [(Double, String)] = [
        (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (1.5, "1.5"), (-0.1, "-0.1"), (0.1 + 0.2, "0.30000000000000004"),
        (100, "100"), (1e15, "1000000000000000"), (1e16, "10000000000000000"), (1.5e16, "15000000000000000"),
        (123_456_789_012_345.67, "123456789012345.67"), (4_503_599_627_370_495.5, "4503599627370495.5"),
        (9_007_199_254_740_994, "9007199254740994"),
        (-18_014_398_509_481_984, "-18014398509481984"), (1e20, "100000000000000000000"),
        (123e18, "123000000000000000000"), (9.999999999999999e20, "999999999999999900000"),
        (1e21, "1e+21"), (-1.25e21, "-1.25e+21"), (1e22, "1e+22"), (1e100, "1e+100"),
        (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (.leastNonzeroMagnitude, "5e-324"),
        (0.001, "0.001"), (0.0001, "0.0001"), (0.00001, "0.00001"), (0.0000123, "0.0000123"),
        (0.000001, "0.000001"), (-0.00000125, "-0.00000125"), (0.0000001, "1e-7"), (1.5e-7, "1.5e-7"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ]

    @Test(arguments: numbers)
    func `numbers are written as JavaScript writes them`(_ number: Double, _ text: String) {
        #expect(self.written(number) == text)
    }

    @Test func `any number reads back the same`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            let text = self.written(number)
            try #require(Double(text) == number)
            try #require(text.utf8.count <= 25)
        }
    }
}
