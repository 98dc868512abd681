// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Metrics
import MetricsTestKit
import Testing

@testable import HibikiSocketIO

@Suite struct `The metrics of sockets` {
    /// A process has one system of metrics; every test has a prefix of its own in it.
    private static let metrics = {
        let metrics = TestMetrics()
        MetricsSystem.bootstrap(metrics)
        return metrics
    }()

    private let metrics = Self.metrics

    private func total(_ label: String, _ dimensions: KeyValuePairs<String, String>) -> Int64 {
        self.metrics.counterTotal(label: label, dimensions: dimensions.map { ($0, $1) })
    }

    /// All values that a gauge has had.
    private func gauge(_ label: String, _ namespace: String) throws -> [Double] {
        try self.metrics.expectGauge(label, [("namespace", namespace)]).values
    }

    @Test func `tell who is there, who came, and why who went has gone`() async throws {
        let recovery: (inout SocketIOServer.Configuration) -> Void = {
            $0.connectionStateRecovery = SocketIOServer.ConnectionStateRecovery()
        }
        try await ServerHarness.with(recovery) { harness in
            harness.io.use(SocketMetrics(prefix: "presence"))
            let (first, _) = try await harness.client()
            let (second, _) = try await harness.client()
            #expect(try self.gauge("presence_sockets", "/") == [1, 2])
            try await first.receive("1")
            let ticket = try Ticket(second)
            try await second.lose()
            try await harness.settle()
            #expect(try self.gauge("presence_sockets", "/") == [1, 2, 1, 0])
            let third = harness.session(loop: 1)
            try await third.receive(ticket.connect)
            try await harness.until { (try? self.gauge("presence_sockets", "/").last) == 1 }

            let connections = "presence_connections_total"
            #expect(self.total(connections, ["namespace": "/", "recovered": "false"]) == 2)
            #expect(self.total(connections, ["namespace": "/", "recovered": "true"]) == 1)
            let disconnects = "presence_disconnects_total"
            #expect(self.total(disconnects, ["namespace": "/", "reason": "client namespace disconnect"]) == 1)
            #expect(self.total(disconnects, ["namespace": "/", "reason": "transport close"]) == 1)
            #expect(self.metrics.counterTotal(label: disconnects) == 2)
        }
    }

    @Test func `count what clients send and what goes wrong, in each namespace by itself`() async throws {
        struct Broken: Error {}
        try await ServerHarness.with { harness in
            let metrics = SocketMetrics(prefix: "traffic")
            for name in ["/", "/chat"] {
                harness.io.of(name).use(metrics)
                harness.io.of(name).onConnection { socket in socket.on("fail") { () throws in throw Broken() } }
            }
            let (one, _) = try await harness.client()
            let (other, _) = try await harness.client("/chat")
            try await one.receive(#"2["fine"]"#, #"2["fail"]"#)
            try await other.receive(#"2/chat,["fine"]"#, #"2/chat,["fail"]"#, #"2/chat,["fail",1]"#)
            // An answer is no event, and an emit of the server none of a client.
            try await one.receive("35[]")
            harness.io.emit("news")
            try await harness.settle()
            for (namespace, events, errors) in [("/", 2, 1), ("/chat", 3, 2)] as [(String, Int64, Int64)] {
                #expect(self.total("traffic_events_total", ["namespace": namespace]) == events)
                #expect(self.total("traffic_errors_total", ["namespace": namespace]) == errors)
            }
        }
    }

    @Test func `have one name for all namespaces that clients make`() async throws {
        try await ServerHarness.with { harness in
            harness.io.of(matching: /^\/room-\d+$/).use(SocketMetrics(prefix: "dynamic"))
            _ = try await harness.client("/room-1")
            _ = try await harness.client("/room-2")
            #expect(try self.gauge("dynamic_sockets", "dynamic") == [1, 2])
            let dimensions = self.metrics.counters.filter { $0.label.hasPrefix("dynamic_") }.flatMap(\.dimensions)
            #expect(Set(dimensions.filter { $0.0 == "namespace" }.map(\.1)) == ["dynamic"])
        }
    }
}
