// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSQL
import NIOCore
import Testing

@testable import HibikiServer

@Suite struct `The readiness of the chat` {
    private struct Away: Error {}

    @Test(arguments: [SQLError.Code.timedOut, .busy, .overloaded, .statement, .constraint, .outcomeUnknown])
    func `does not suffer from a command that has failed alone`(_ code: SQLError.Code) async {
        let meter = ChatMeter()
        meter.storeFailed(SQLError(code, "no"), at: .uptimeNanoseconds(0))
        #expect(await meter.storeWorks(at: .uptimeNanoseconds(0)) { Issue.record("nobody has to look") })
    }

    @Test(arguments: [SQLError.Code.unavailable, .full, .damaged, .schema, .closed])
    func `is gone with the store, and comes back with it though no command comes`(_ code: SQLError.Code) async {
        let meter = ChatMeter()
        let start = NIODeadline.uptimeNanoseconds(1)
        meter.storeFailed(SQLError(code, "no"), at: start)
        #expect(await !meter.storeWorks(at: start + .milliseconds(999)) { Issue.record("too early") })
        #expect(await !meter.storeWorks(at: start + .seconds(1)) { throw Away() })
        #expect(await !meter.storeWorks(at: start + .milliseconds(1_999)) { Issue.record("too early") })
        #expect(await meter.storeWorks(at: start + .seconds(2)) {})
        #expect(await meter.storeWorks(at: start + .seconds(2)) { Issue.record("it is known to work") })
    }

    @Test func `comes back with the next command that the store answers`() async {
        let meter = ChatMeter()
        meter.storeFailed(Away(), at: .uptimeNanoseconds(0))
        #expect(await !meter.storeWorks(at: .uptimeNanoseconds(0)) {})
        meter.storeAnswered()
        #expect(await meter.storeWorks(at: .uptimeNanoseconds(0)) {})
    }
}
