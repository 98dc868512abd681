// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT

/// Somebody who edits: `OTClient` in the protocol of `Documentation/ot.md`. What it is to send, each of its methods returns.
struct OTEditor<Operation: OTOperation> {
    struct Unexpected: Error { let message: OTValue }

    let name: String
    private(set) var document = Operation.Document()
    private(set) var client: OTClient<Operation>?
    private var incarnation = ""
    /// The newest revision that was heard of: what came before the document itself did is not held.
    private var newest = 0
    private var wantsDocument = true
    /// The numbers of its operations that the server has confirmed.
    private(set) var acknowledged: Set<Int> = []
    private(set) var reloads = 0
    private(set) var caughtUp = 0

    init(_ name: String) { self.name = name }

    var isQuiet: Bool { !self.wantsDocument && self.client?.state == .synchronised }

    /// What opens a connection, and asks whether something was missed.
    var hello: OTValue {
        guard let client = self.client, !self.wantsDocument else { return ["type": "hello"] }
        return ["type": "hello", "revision": OTValue(client.revision), "incarnation": OTValue(self.incarnation)]
    }

    mutating func edit(_ operation: Operation) throws -> [OTValue] {
        guard !self.wantsDocument else { return [] }
        try self.document.apply(operation)
        return try self.client?.edit(operation).map { [Self.message($0)] } ?? []
    }

    private static func message(_ submission: Submission<Operation>) -> OTValue {
        [
            "type": "submit", "revision": OTValue(submission.revision), "sequence": OTValue(submission.id.sequence),
            "operation": submission.operation.value,
        ]
    }

    mutating func hear(_ message: OTValue) throws -> [OTValue] {
        switch message["type"]?.string {
        case "document": return try self.load(message)
        case "operations": return try self.catchUp(message)
        case "operation": return try self.hear(LoggedOperation(message))
        case "error": return self.hear(error: message)
        case "selection": return []
        default: throw Unexpected(message: message)
        }
    }

    private mutating func load(_ message: OTValue) throws -> [OTValue] {
        guard self.wantsDocument else { return [] }
        let snapshot = try RevisionLog<Operation>.Snapshot(message)
        guard let sequence = message["sequence"]?.integer, let incarnation = message["incarnation"]?.string else {
            throw Unexpected(message: message)
        }
        self.wantsDocument = false
        self.document = snapshot.document
        self.incarnation = incarnation
        let used = max(sequence, self.client?.sequence ?? 0)
        self.client = OTClient(name: self.name, revision: snapshot.revision, sequence: used)
        return self.newest > snapshot.revision ? [self.hello] : []
    }

    private mutating func catchUp(_ message: OTValue) throws -> [OTValue] {
        guard case .array(let values)? = message["operations"], !self.wantsDocument, var client = self.client else {
            return []
        }
        let operations = try values.map { try LoggedOperation<Operation>($0) }
        // An answer that was overtaken by a later one.
        guard operations.first.map({ $0.revision <= client.revision + 1 }) ?? true else { return [] }
        for logged in operations { self.noteAnswer(logged) }
        let (changes, submission) = try client.catchUp(operations)
        if !changes.isEmpty { self.caughtUp += 1 }
        for change in changes { try self.document.apply(change) }
        self.client = client
        return submission.map { [Self.message($0)] } ?? []
    }

    private mutating func hear(_ logged: LoggedOperation<Operation>) throws -> [OTValue] {
        self.newest = max(self.newest, logged.revision)
        guard var client = self.client, !self.wantsDocument else { return [] }
        let action = try client.receive(logged)
        if action != .catchUp(since: client.revision) { self.noteAnswer(logged) }
        self.client = client
        switch action {
        case .nothing: return []
        case .apply(let operation):
            try self.document.apply(operation)
            return []
        case .send(let submission): return [Self.message(submission)]
        case .catchUp: return [self.hello]
        }
    }

    private mutating func noteAnswer(_ logged: LoggedOperation<Operation>) {
        if logged.id.client == self.name { self.acknowledged.insert(logged.id.sequence) }
    }

    private mutating func hear(error: OTValue) -> [OTValue] {
        let about = error["sequence"]?.integer
        guard error["reload"] == true, about == nil || about == self.client?.outstanding?.id.sequence else { return [] }
        self.reloads += 1
        self.wantsDocument = true
        return [self.hello]
    }
}
