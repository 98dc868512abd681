// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct EngineHeartbeatTests {
    @Test func `the server of revision 4 pings an interval after the start`() {
        var heartbeat = started(.v4)
        #expect(heartbeat.deadline == at(25_000))
        #expect(heartbeat.tick(at: at(0)) == .wait)
        #expect(heartbeat.tick(at: at(24_999)) == .wait)
        #expect(heartbeat.tick(at: at(25_000)) == .ping)
        #expect(heartbeat.deadline == at(45_000))
    }

    @Test func `the next ping is due an interval after the pong`() {
        var heartbeat = started(.v4)
        #expect(heartbeat.tick(at: at(25_000)) == .ping)
        #expect(heartbeat.receivedPong(at: at(30_000)) == .accept)
        #expect(heartbeat.deadline == at(55_000))
        #expect(heartbeat.tick(at: at(54_999)) == .wait)
        #expect(heartbeat.tick(at: at(55_000)) == .ping)
    }

    @Test func `a client that does not answer in time is given up`() {
        var heartbeat = started(.v4)
        #expect(heartbeat.tick(at: at(25_000)) == .ping)
        #expect(heartbeat.deadline == at(45_000))
        #expect(heartbeat.tick(at: at(44_999)) == .wait)
        #expect(heartbeat.tick(at: at(45_000)) == .timeOut)
        #expect(heartbeat.tick(at: at(45_000)) == .timeOut)
    }

    @Test(arguments: [(25_040, 45_000), (25_100, 45_000), (35_000, 54_900)])
    func `a clock that is late makes the wait no longer, and one that stood still hardly shorter`(
        _ ping: Int64, _ end: Int64
    ) {
        var heartbeat = started(.v4)
        #expect(heartbeat.tick(at: at(ping)) == .ping)
        #expect(heartbeat.deadline == at(end))
    }

    @Test func `a pong that nobody asked for changes nothing`() {
        var heartbeat = started(.v4)
        for time in 0..<1_000 { #expect(heartbeat.receivedPong(at: at(Int64(time) * 20)) == .ignore) }
        #expect(heartbeat.deadline == at(25_000))
        #expect(heartbeat.tick(at: at(25_000)) == .ping)
        #expect(heartbeat.receivedPong(at: at(25_001)) == .accept)
        #expect(heartbeat.receivedPong(at: at(25_002)) == .ignore)
        #expect(heartbeat.deadline == at(50_001))
    }

    @Test func `a client of revision 4 does not ping`() {
        var heartbeat = started(.v4)
        #expect(heartbeat.receivedPing(at: at(1)) == .refuse)
        #expect(heartbeat.tick(at: at(25_000)) == .ping)
        #expect(heartbeat.receivedPing(at: at(25_001)) == .refuse)
        #expect(heartbeat.deadline == at(45_000))
    }

    @Test func `a client of revision 3 pings and has both times for it`() {
        var heartbeat = started(.v3)
        #expect(heartbeat.deadline == at(45_000))
        #expect(heartbeat.tick(at: at(25_000)) == .wait)
        #expect(heartbeat.receivedPing(at: at(30_000)) == .answer)
        #expect(heartbeat.deadline == at(75_000))
        #expect(heartbeat.tick(at: at(74_999)) == .wait)
        #expect(heartbeat.receivedPong(at: at(74_999)) == .refuse)
        #expect(heartbeat.tick(at: at(75_000)) == .timeOut)
    }

    @Test func `times without an end do not trap`() {
        var heartbeat = EngineHeartbeat(
            version: .v3, pingInterval: .nanoseconds(.max), pingTimeout: .nanoseconds(.max), at: .distantFuture)
        #expect(heartbeat.receivedPing(at: .distantFuture) == .answer)
        #expect(heartbeat.deadline == .distantFuture)
    }

    private func started(_ version: EngineVersion) -> EngineHeartbeat {
        EngineHeartbeat(version: version, at: at(0))
    }

    private func at(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(1_000_000) + .milliseconds(milliseconds)
    }
}
