// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import Testing

@Suite struct ClientTests {
    private typealias Client = OTClient<TextOperation>

    private func operation(_ json: String) throws -> TextOperation { try TextOperation(json: Array(json.utf8)) }

    private func logged(
        _ json: String, _ revision: Int, _ client: String = "other", _ sequence: Int = 1
    ) throws
        -> LoggedOperation<TextOperation>
    {
        LoggedOperation(
            try self.operation(json), revision: revision, id: OperationID(client: client, sequence: sequence))
    }

    /// A client with one edit on its way and one in the buffer, on the empty document at revision 4.
    private func busy() throws -> Client {
        var client = Client(name: "me", revision: 4)
        _ = try client.edit(self.operation(#"["a"]"#))
        _ = try client.edit(self.operation(#"[1,"b"]"#))
        return client
    }

    @Test func `the first edit is sent, and the next ones wait together`() throws {
        var client = Client(name: "me", revision: 4)
        let sent = try client.edit(self.operation(#"["a"]"#))
        #expect(
            sent == Submission(try self.operation(#"["a"]"#), revision: 4, id: OperationID(client: "me", sequence: 1)))
        #expect(try client.edit(self.operation(#"[1,"b"]"#)) == nil)
        #expect(try client.edit(self.operation(#"[2,"c"]"#)) == nil)
        #expect(
            client.state
                == .awaitingWithBuffer(
                    outstanding: try self.operation(#"["a"]"#), buffer: try self.operation(#"[1,"bc"]"#)))
        #expect(client.outstanding == sent)
    }

    @Test func `an answer sends the buffer on the new revision under a new id`() throws {
        var client = try self.busy()
        let action = try client.receive(self.logged(#"["a"]"#, 5, "me", 1))
        let next = Submission(try self.operation(#"[1,"b"]"#), revision: 5, id: OperationID(client: "me", sequence: 2))
        #expect(action == .send(next))
        #expect(client.acknowledge(next.id, revision: 6) == .nothing)
        #expect(client.state == .synchronised && client.revision == 6)
    }

    @Test func `what others do is transformed over what is on its way and what waits`() throws {
        var client = try self.busy()
        #expect(try client.receive(self.logged(#"["x"]"#, 5)) == .apply(try self.operation(#"[2,"x"]"#)))
        #expect(
            client.state
                == .awaitingWithBuffer(
                    outstanding: try self.operation(#"["a",1]"#), buffer: try self.operation(#"[1,"b",1]"#)))
        #expect(client.outstanding?.revision == 5 && client.outstanding?.id.sequence == 1)
        #expect(client.position(ofRemote: 0) == 2)
    }

    @Test func `what comes again is ignored, and what is missing is asked for`() throws {
        var client = try self.busy()
        let before = client.state
        #expect(try client.receive(self.logged(#"["x"]"#, 4)) == .nothing)
        #expect(try client.receive(self.logged(#"["x"]"#, 6)) == .catchUp(since: 4))
        #expect(try client.receive(self.logged(#"["x"]"#, .max)) == .catchUp(since: 4))
        #expect(try client.receive(self.logged(#"["x"]"#, .min)) == .nothing)
        #expect(client.acknowledge(OperationID(client: "me", sequence: 1), revision: 9) == .catchUp(since: 4))
        #expect(client.acknowledge(OperationID(client: "me", sequence: 9), revision: 5) == .catchUp(since: 4))
        #expect(client.state == before && client.revision == 4)
    }

    @Test func `a client that comes back learns that its operation was taken, and sends only the buffer`() throws {
        var client = try self.busy()
        let (changes, send) = try client.catchUp([
            try self.logged(#"["x"]"#, 5), try self.logged(#"["a",1]"#, 6, "me", 1),
            try self.logged(#"[2,"y"]"#, 7, "third"),
        ])
        #expect(changes == [try self.operation(#"[2,"x"]"#), try self.operation(#"[3,"y"]"#)])
        #expect(
            send
                == Submission(
                    try self.operation(#"[1,"b",2]"#), revision: 7, id: OperationID(client: "me", sequence: 2)))
    }

    @Test func `a client that comes back and was not heard sends the same again, under the same id`() throws {
        var client = try self.busy()
        let (changes, send) = try client.catchUp([try self.logged(#"["x"]"#, 5)])
        #expect(changes.count == 1)
        #expect(
            send == Submission(try self.operation(#"["a",1]"#), revision: 5, id: OperationID(client: "me", sequence: 1))
        )
        #expect(try client.catchUp([]).send == send)
    }

    @Test func `what was missed and has a hole itself is refused, and changes nothing`() throws {
        var client = try self.busy()
        let before = client.state
        expect(.outOfOrder) { try client.catchUp([try self.logged(#"["x"]"#, 5), try self.logged("[1]", 7)]) }
        expect(.wrongLength) { try client.catchUp([try self.logged(#"["x"]"#, 5), try self.logged("[9]", 6)]) }
        #expect(client.state == before && client.revision == 4)
    }

    @Test func `a client that loads anew is told what it loses`() throws {
        var client = try self.busy()
        #expect(try client.reload(revision: 90) == (try self.operation(#"["ab"]"#)))
        #expect(client.state == .synchronised && client.revision == 90)
        #expect(try client.edit(self.operation("[5]"))?.id.sequence == 2)
        #expect(try client.receive(self.logged(#"["a"]"#, 5, "me", 1)) == .nothing)
    }

    @Test func `an edit that does not follow the one before it is refused, and changes nothing`() throws {
        var client = try self.busy()
        let before = client.state
        expect(.wrongLength) { try client.edit(self.operation("[7]")) }
        #expect(client.state == before)
    }
}
