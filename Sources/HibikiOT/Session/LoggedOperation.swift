// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Which operation it is, however often it arrives: the client that made it, and its number there.
///
/// The client's name must be its own for as long as it is connected or comes back to what it had sent: give every window
/// a fresh one, and on the server see to it that nobody speaks under the name of another.
public struct OperationID: Hashable, Sendable, CustomStringConvertible {
    public let client: String
    public let sequence: Int

    public init(client: String, sequence: Int) {
        self.client = client
        self.sequence = sequence
    }

    public static func == (left: OperationID, right: OperationID) -> Bool {
        left.sequence == right.sequence && left.client.utf8.elementsEqual(right.client.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(self.sequence) }

    public var description: String { "\(self.client)/\(self.sequence)" }
}

/// What a client sends: an operation made for the document as it was at a revision.
public struct Submission<Operation: OTOperation>: Equatable, Sendable {
    public let operation: Operation
    public let revision: Int
    public let id: OperationID

    public init(_ operation: Operation, revision: Int, id: OperationID) {
        self.operation = operation
        self.revision = revision
        self.id = id
    }
}

/// What the server has taken: the operation that makes a revision from the one before. Revisions count from 1; 0 is the
/// empty document.
public struct LoggedOperation<Operation: OTOperation>: Equatable, Sendable {
    public let operation: Operation
    /// The revision that it makes.
    public let revision: Int
    public let id: OperationID

    public init(_ operation: Operation, revision: Int, id: OperationID) {
        self.operation = operation
        self.revision = revision
        self.id = id
    }
}
