// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTestSupport
import Testing

@Suite struct `The text of since` {
    private func start(_ text: String, _ topic: String = "public/a", alone: Bool = true) throws -> LogStart {
        Since(text).start(for: try Topic(topic), alone: alone)
    }

    @Test func `names an end of the log`() throws {
        #expect(try self.start("earliest") == .earliest)
        #expect(try self.start("latest", alone: false) == .latest)
    }

    @Test func `names a position of the only topic`() throws {
        #expect(try self.start("00000007-5") == .after(.test(5)))
    }

    @Test func `names nothing in a request for several topics if it is the position of one`() throws {
        #expect(try self.start("00000007-5", alone: false) == .gone)
    }

    @Test func `may be a vector, in which a topic that is not named begins now`() throws {
        var vector = PositionVector()
        vector[try Topic("public/a")] = .test(5)
        #expect(try self.start(vector.description, alone: false) == .after(.test(5)))
        #expect(try self.start(vector.description, alone: true) == .after(.test(5)))
        #expect(try self.start(vector.description, "public/b", alone: false) == .latest)
    }

    @Test(arguments: [
        ("public/a=00000007-5", "public/a"), ("public%2Fa=00000007-5,public/b=00000007-6", "public/a"),
        ("x%2Cy%3Dz=00000007-5", "x,y=z"), ("x=y=00000007-5", "x=y"), ("%E3%83%8B=00000007-5", "ニ"),
    ])
    func `may be a list of topics and positions`(_ text: String, _ topic: String) throws {
        #expect(try self.start(text, topic, alone: false) == .after(.test(5)))
        #expect(try self.start(text, "public/other", alone: false) == .latest)
    }

    @Test func `tells topics apart by their bytes`() throws {
        let text = "caf%C3%A9=00000007-5,cafe%CC%81=00000007-6"
        #expect(try self.start(text, "caf\u{E9}", alone: false) == .after(.test(5)))
        #expect(try self.start(text, "cafe\u{301}", alone: false) == .after(.test(6)))
    }

    @Test(arguments: [
        "", "-1", "9e99", "9223372036854775808", "EARLIEST", "null", "undefined", "\u{0}", "v1.A", "a=", "a=b",
        "=00000007-5,b",
        "%=00000007-5", "%FF=00000007-5", "00000007-18446744073709551616",
    ])
    func `is a position that is gone if it is anything else`(_ text: String) throws {
        #expect(try self.start(text) == .gone)
    }

    @Test func `is gone if it is a megabyte of anything`() throws {
        for filling in ["1", "a", ",", "=", "%", "a=00000007-1,"] {
            let start = try self.start(String(repeating: filling, count: (1 << 20) / filling.utf8.count))
            #expect(start == .gone, "filled with \(filling)")
        }
    }

    @Test func `never stops the process`() throws {
        var generator = SeededGenerator(seed: 3)
        let topic = try Topic("public/a")
        for _ in 0..<20_000 {
            let text = generator.text("0123456789abcdef-,=%v.AZ_", upTo: 64)
            _ = Since(text).start(for: topic, alone: Bool.random(using: &generator))
        }
    }
}
