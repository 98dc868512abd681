// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import Testing

/// What ot.js and Quill's Delta gave, recorded.
@Suite struct VectorTests {
    @Test func `the vectors are there`() throws {
        #expect(try Vectors.cases("otjs").count >= 120)
        #expect(try Vectors.cases("delta").count >= 120)
        #expect(try Vectors.cases("sessions").count >= 12)
    }

    @Test func `an operation on text gives what ot.js gave`() throws {
        for (name, vector) in try Vectors.cases("otjs") {
            let document = try TextDocument(try vector.field("doc"))
            let a = try vector.operation("a")
            let b = try vector.operation("b")
            let after = try document.applying(a)
            #expect(after.value == (try vector.field("afterA")), "\(name)")
            let (aPrime, bPrime) = try TextOperation.transform(a, b)
            #expect(aPrime == (try vector.operation("aPrime")), "\(name)")
            #expect(bPrime == (try vector.operation("bPrime")), "\(name)")
            #expect(aPrime.value == (try vector.field("aPrime")), "\(name)")
            #expect(try after.applying(bPrime).value == (try vector.field("result")), "\(name)")
            #expect(try document.applying(b).applying(aPrime).value == (try vector.field("result")), "\(name)")
            let c = try vector.operation("c")
            let composed = try a.composed(with: c)
            #expect(composed.value == (try vector.field("composeAC")), "\(name)")
            #expect(try after.applying(c).value == (try vector.field("afterAC")), "\(name)")
            #expect(try document.applying(composed).value == (try vector.field("afterAC")), "\(name)")
            #expect(try a.inverted(on: document).value == (try vector.field("invertA")), "\(name)")
            #expect(
                a.transform(position: try vector.integer("cursor")) == (try vector.integer("cursorThroughA")),
                "\(name)")
        }
    }

    @Test func `a delta gives what Quill's gave`() throws {
        for (name, vector) in try Vectors.cases("delta") {
            let document = try RichTextDocument(try vector.field("doc"))
            let a = try vector.delta("a")
            let b = try vector.delta("b")
            for priority in [true, false] {
                #expect(
                    try a.transform(b, priority: priority) == (try vector.delta("a.transform(b,\(priority))")),
                    "\(name)")
                #expect(
                    try b.transform(a, priority: priority) == (try vector.delta("b.transform(a,\(priority))")),
                    "\(name)")
                #expect(
                    a.transform(position: try vector.integer("index"), staysBefore: priority)
                        == (try vector.integer("a.transformPosition(i,\(priority))")), "\(name)")
            }
            let after = try document.applying(a)
            #expect(after.delta == (try vector.delta("afterA")), "\(name)")
            #expect(try a.composed(with: vector.delta("c")) == (try vector.delta("composeAC")), "\(name)")
            #expect(try a.inverted(on: document) == (try vector.delta("invertA")), "\(name)")
            let merged = try vector.delta("merged")
            #expect(try after.applying(a.transform(b, priority: true)).delta == merged, "\(name)")
            #expect(try document.applying(b).applying(b.transform(a, priority: false)).delta == merged, "\(name)")
        }
    }

    @Test func `a session goes through the states that ot.js went through`() throws {
        for (name, vector) in try Vectors.cases("sessions") {
            var session = try RecordedSession(vector)
            guard case .array(let events) = try vector.field("events") else { throw MissingField(key: "events") }
            for (index, event) in events.enumerated() {
                #expect(try session.play(event), "\(name), event \(index)")
            }
            #expect(session.log.document.value == (try vector.field("final")), "\(name)")
            #expect(session.log.revision == (try vector.integer("history")), "\(name)")
        }
    }
}

/// A server and clients that do what was recorded, joined by queues.
private struct RecordedSession {
    private struct Peer {
        var client: OTClient<TextOperation>
        var document: TextDocument
        var sent: [Submission<TextOperation>] = []
        var arriving: [LoggedOperation<TextOperation>] = []
    }

    private(set) var log: RevisionLog<TextOperation>
    private var peers: [Peer] = []

    init(_ vector: OTValue) throws {
        let document = try TextDocument(try vector.field("doc0"))
        self.log = try RevisionLog(.init(document))
        for index in 0..<(try vector.integer("clients")) {
            self.peers.append(Peer(client: OTClient(name: "client \(index)", revision: 0), document: document))
        }
    }

    /// Plays an event; says whether everything is as it was recorded.
    mutating func play(_ event: OTValue) throws -> Bool {
        if let index = event["local"]?.integer { return try self.edit(index, event) }
        if let index = event["server"]?.integer { return try self.serve(index, event) }
        return try self.receive(try event.integer("receive"), event)
    }

    private mutating func edit(_ index: Int, _ event: OTValue) throws -> Bool {
        let operation = try event.operation("op")
        try self.peers[index].document.apply(operation)
        if let submission = try self.peers[index].client.edit(operation) { self.peers[index].sent.append(submission) }
        return try self.peers[index].document.value == event.field("doc") && self.isAsRecorded(index, event)
    }

    private mutating func serve(_ index: Int, _ event: OTValue) throws -> Bool {
        let submission = self.peers[index].sent.removeFirst()
        guard case .accepted(let logged) = try self.log.receive(submission) else { return false }
        for peer in self.peers.indices { self.peers[peer].arriving.append(logged) }
        return try submission.revision == event.integer("revision") && submission.operation == event.operation("op")
            && logged.operation == event.operation("stored") && self.log.document.value == event.field("doc")
    }

    private mutating func receive(_ index: Int, _ event: OTValue) throws -> Bool {
        let logged = self.peers[index].arriving.removeFirst()
        let isOwn = logged.id.client == self.peers[index].client.name
        guard event["ack"] == .bool(isOwn) else { return false }
        switch try self.peers[index].client.receive(logged) {
        case .apply(let operation):
            try self.peers[index].document.apply(operation)
            guard try logged.operation == event.operation("op") else { return false }
        case .send(let submission): self.peers[index].sent.append(submission)
        case .nothing: break
        case .catchUp: return false
        }
        return try self.peers[index].document.value == event.field("doc") && self.isAsRecorded(index, event)
    }

    private func isAsRecorded(_ index: Int, _ event: OTValue) throws -> Bool {
        let client = self.peers[index].client
        let state =
            switch client.state {
            case .synchronised: "sync"
            case .awaiting: "confirm"
            case .awaitingWithBuffer: "buffer"
            }
        return try client.revision == event.integer("revision") && state == event.field("state").string
    }
}
