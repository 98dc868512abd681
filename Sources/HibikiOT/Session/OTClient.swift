// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A client's side of one document: three states, as in ot.js, and what to do about what the server says.
///
/// One operation at most is on its way; what is edited meanwhile is composed in a buffer that follows it. What was sent
/// is never composed into, for the server may have it already.
///
/// | state | a local edit | the answer to the own operation | an operation of another |
/// |---|---|---|---|
/// | ``State/synchronised`` | is sent | | is applied |
/// | ``State/awaiting(outstanding:)`` | becomes the buffer | all is sent | is transformed and applied |
/// | ``State/awaitingWithBuffer(outstanding:buffer:)`` | joins the buffer | the buffer is sent | is transformed and applied |
///
/// The machine does not hold the document, and does nothing but say what is to be done. What the network repeats, it
/// ignores; where something is missing, it says so. After a cut, ask the server for what came since ``revision``, hand it
/// to ``catchUp(_:)`` and send what that returns: it may arrive a second time, but its id is still the same.
///
/// ```swift
/// try document.apply(edit)
/// if let submission = try client.edit(edit) { send(submission) }
/// …
/// switch try client.receive(logged) {
/// case .apply(let operation): try document.apply(operation)
/// case .send(let submission): send(submission)
/// case .catchUp(let revision): askForOperations(since: revision)
/// case .nothing: break
/// }
/// ```
public struct OTClient<Operation: OTOperation>: Sendable {
    public enum State: Equatable, Sendable {
        /// The server has all there is.
        case synchronised
        /// One operation is on its way.
        case awaiting(outstanding: Operation)
        /// One operation is on its way, and what was edited since waits for its answer.
        case awaitingWithBuffer(outstanding: Operation, buffer: Operation)
    }

    /// What is to be done about what the server said.
    public enum Action: Equatable, Sendable {
        case nothing
        /// To be applied to the document, and to whatever moves with it: cursors, the history of undo.
        case apply(Operation)
        /// The buffer, whose turn it is.
        case send(Submission<Operation>)
        /// Something is missing: ask for the operations since the revision.
        case catchUp(since: Int)
    }

    public private(set) var state = State.synchronised
    /// The last revision that was heard of.
    public private(set) var revision: Int
    /// The client's name, which is in the id of what it sends; nobody else may have it.
    public let name: String
    /// The number of the last operation that was sent.
    public private(set) var sequence: Int

    /// A client that has loaded a document at a revision.
    ///
    /// A client that takes up an old name goes on from the last number that it used.
    public init(name: String, revision: Int, sequence: Int = 0) {
        self.name = name
        self.revision = revision
        self.sequence = sequence
    }

    /// What was sent and not yet answered, as it is to be sent again if the answer does not come.
    public var outstanding: Submission<Operation>? {
        switch self.state {
        case .synchronised: nil
        case .awaiting(let outstanding), .awaitingWithBuffer(let outstanding, _):
            Submission(outstanding, revision: self.revision, id: self.id)
        }
    }

    private var id: OperationID { OperationID(client: self.name, sequence: self.sequence) }

    /// Takes a local edit, which is applied to the document already; returns what is to be sent, if its turn is now.
    public mutating func edit(_ operation: Operation) throws(OTError) -> Submission<Operation>? {
        switch self.state {
        case .synchronised: return self.submit(operation)
        case .awaiting(let outstanding):
            self.state = .awaitingWithBuffer(outstanding: outstanding, buffer: operation)
        case .awaitingWithBuffer(let outstanding, let buffer):
            self.state = .awaitingWithBuffer(outstanding: outstanding, buffer: try buffer.composed(with: operation))
        }
        return nil
    }

    /// Takes an operation that the server has taken, own or foreign.
    public mutating func receive(_ logged: LoggedOperation<Operation>) throws(OTError) -> Action {
        if let action = self.gap(before: logged.revision) { return action }
        if self.isOutstanding(logged.id) { return self.confirm(logged.revision) }
        return .apply(try self.take(logged))
    }

    /// Takes the server's word that it has taken an own operation, where it does not send the operation back.
    public mutating func acknowledge(_ id: OperationID, revision: Int) -> Action {
        if let action = self.gap(before: revision) { return action }
        return self.isOutstanding(id) ? self.confirm(revision) : .catchUp(since: self.revision)
    }

    /// Takes all that happened since ``revision``, after a cut or a gap.
    ///
    /// - Returns: What is to be applied to the document, in order, and what is then to be sent (again).
    public mutating func catchUp(
        _ operations: [LoggedOperation<Operation>]
    ) throws(OTError) -> (
        apply: [Operation], send: Submission<Operation>?
    ) {
        var next = self
        var changes: [Operation] = []
        for logged in operations {
            switch try next.receive(logged) {
            case .apply(let operation): changes.append(operation)
            // It is sent when all is known; until then it is transformed like anything that is outstanding.
            case .send, .nothing: break
            case .catchUp(let revision): throw .outOfOrder(logged.revision, expected: revision + 1)
            }
        }
        self = next
        return (changes, self.outstanding)
    }

    /// Starts again with a document that was loaded anew, because the server no longer has what this one builds on.
    ///
    /// - Returns: What the server has not confirmed, as one operation on the old document without it. It cannot be
    ///   carried over; an app may show the text to its user.
    public mutating func reload(revision: Int) throws(OTError) -> Operation? {
        let lost = try self.unconfirmed
        self.state = .synchronised
        self.revision = revision
        return lost
    }

    private var unconfirmed: Operation? {
        get throws(OTError) {
            switch self.state {
            case .synchronised: nil
            case .awaiting(let outstanding): outstanding
            case .awaitingWithBuffer(let outstanding, let buffer): try outstanding.composed(with: buffer)
            }
        }
    }

    /// Whether a selection in the own document is one in the server's document at ``revision``. As long as something is
    /// outstanding it is not; the others move it along with what they hear.
    public var canTellSelection: Bool { self.state == .synchronised }

    /// Where a position that another client told is in the own document, which has more in it.
    public func position(ofRemote position: Int) -> Int {
        switch self.state {
        case .synchronised: position
        case .awaiting(let outstanding): outstanding.transform(position: position, staysBefore: false)
        case .awaitingWithBuffer(let outstanding, let buffer):
            buffer.transform(
                position: outstanding.transform(position: position, staysBefore: false), staysBefore: false)
        }
    }
}

extension OTClient {
    private mutating func submit(_ operation: Operation) -> Submission<Operation> {
        self.state = .awaiting(outstanding: operation)
        self.sequence &+= 1
        return Submission(operation, revision: self.revision, id: self.id)
    }

    /// What to do about a revision that is not the next one.
    private func gap(before revision: Int) -> Action? {
        if revision <= self.revision { return .nothing }
        return revision - 1 == self.revision ? nil : .catchUp(since: self.revision)
    }

    private func isOutstanding(_ id: OperationID) -> Bool { self.state != .synchronised && id == self.id }

    private mutating func confirm(_ revision: Int) -> Action {
        self.revision = revision
        guard case .awaitingWithBuffer(_, let buffer) = self.state else {
            self.state = .synchronised
            return .nothing
        }
        return .send(self.submit(buffer))
    }

    /// Transforms what another client did and what is pending over each other.
    private mutating func take(_ logged: LoggedOperation<Operation>) throws(OTError) -> Operation {
        let applied = logged.operation
        let result: Operation
        switch self.state {
        case .synchronised: result = applied
        case .awaiting(let outstanding):
            result = try applied.advanced(past: outstanding)
            self.state = .awaiting(outstanding: try outstanding.rebased(over: applied))
        case .awaitingWithBuffer(let outstanding, let buffer):
            let between = try applied.advanced(past: outstanding)
            result = try between.advanced(past: buffer)
            self.state = .awaitingWithBuffer(
                outstanding: try outstanding.rebased(over: applied), buffer: try buffer.rebased(over: between))
        }
        self.revision = logged.revision
        return result
    }
}
