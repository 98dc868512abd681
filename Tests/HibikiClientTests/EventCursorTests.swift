// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiClient

struct EventCursorTests {
    @Test func `an event that came before is a repeat, and so is an older one`() {
        var cursor = EventCursor(["public/a"], from: .latest)
        let isNew = [2, 2, 1, 10].map { cursor.accept(.test($0)) }
        #expect(isNew == [true, false, false, true])
        #expect(cursor.since("public/a") == "5d41c0a2-10")
    }

    @Test func `another epoch is another log`() {
        #expect(!EventCursor.isSeen("00000001-1", "00000002-9"))
        #expect(EventCursor.isSeen("00000002-9", "00000002-10"))
        #expect(EventCursor.isSeen("00000002-18446744073709551615", "00000002-18446744073709551615"))
        #expect(!EventCursor.isSeen("00000002-18446744073709551616", "00000002-1"))
    }

    @Test func `what nobody asked for is passed over`() {
        var cursor = EventCursor(["public/a"], from: .latest)
        let isNew = cursor.accept(.test(1, topic: "public/b"))
        #expect(!isNew)
    }

    @Test func `positions of several topics are spelled as pairs over HTTP`() {
        let start = StartingPoint.positions(["public/a": "5d41c0a2-1", "public/ü": "5d41c0a2-2"])
        let cursor = EventCursor(["public/a", "public/ü"], from: start)
        #expect(cursor.sinceAll == "public%2Fa=5d41c0a2-1,public%2F%C3%BC=5d41c0a2-2")
    }

    @Test func `the position of the only topic is spelled as it is`() {
        let cursor = EventCursor(["public/a"], from: .positions(["public/a": "5d41c0a2-1"]))
        #expect(cursor.sinceAll == "5d41c0a2-1")
    }

    @Test func `latest becomes the position that the subscription began at, earliest does not`() {
        var latest = EventCursor(["public/a"], from: .latest)
        latest.settle("public/a", at: "5d41c0a2-7", isGap: false)
        #expect(latest.since("public/a") == "5d41c0a2-7")
        var earliest = EventCursor(["public/a"], from: .earliest)
        earliest.settle("public/a", at: "5d41c0a2-7", isGap: false)
        #expect(earliest.since("public/a") == "earliest")
    }

    @Test func `after a gap it goes on from where the server is`() {
        var cursor = EventCursor(["public/a"], from: .position("5d41c0a2-1"))
        cursor.settle("public/a", at: "5d41c0a2-900", isGap: true)
        #expect(cursor.since("public/a") == "5d41c0a2-900")
    }

    @Test func `a topic that is named twice is listened to once`() {
        #expect(EventCursor(["public/a", "public/b", "public/a"], from: .latest).topics == ["public/a", "public/b"])
    }
}
