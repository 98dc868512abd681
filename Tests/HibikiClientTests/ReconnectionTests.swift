// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiClient

struct ReconnectionTests {
    @Test func `the delay doubles up to its bound, and begins anew after a success`() {
        var backoff = Backoff(Reconnection(baseDelay: .seconds(1), maximumDelay: .seconds(5), random: { 0 }))
        #expect((1...4).map { _ in backoff.failed() } == [.seconds(1), .seconds(2), .seconds(4), .seconds(5)])
        backoff.succeeded()
        #expect(backoff.failed() == .seconds(1))
    }

    @Test func `chance shortens a delay by up to half and lengthens what the server asked for`() {
        var backoff = Backoff(Reconnection(baseDelay: .seconds(2), random: { 1 }))
        #expect(backoff.failed() == .seconds(1))
        #expect(backoff.failed(minimum: .seconds(8)) == .seconds(10))
    }

    @Test func `after the last try there is no delay`() {
        var backoff = Backoff(Reconnection(maximumTries: 1, random: { 0 }))
        #expect(backoff.failed() != nil)
        #expect(backoff.failed() == nil)
    }

    @Test func `the ten thousandth failure waits as long as the tenth`() {
        var backoff = Backoff(Reconnection(maximumDelay: .seconds(30), random: { 0 }))
        let delays = (1...10_000).map { _ in backoff.failed() }
        #expect(delays.last == delays[9])
    }
}
