// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiOT
public import HibikiYjs

/// The limits and times of documents.
public struct CollaborationConfiguration: Sendable {
    /// Documents in memory at a time; one more is refused as `overloaded`. Default 10,000.
    public var documents = 10_000
    /// Connections in one document; one more is refused as `limit_exceeded`. Default 1,000.
    public var peers = 1_000
    /// What a document may take where it is kept, in bytes; an update beyond that is refused. Default 64 MiB.
    public var documentBytes = 64 << 20
    /// What an awareness message may take, in bytes. Default 64 KiB.
    public var awarenessBytes = 64 << 10
    /// For how many clients one connection may speak in awareness. Editors have one. Default 16.
    public var clientsOfPeer = 16
    /// Updates behind a snapshot, after which a new one is made. Default 500.
    public var updatesBehindSnapshot = 500
    /// Their bytes, after which a new one is made if they are also more than the snapshot. Default 1 MiB.
    public var bytesBehindSnapshot = 1 << 20
    /// How long a document that nobody has open stays in memory. Default 30 s.
    public var idleTime: Duration = .seconds(30)
    /// Operations that a snapshot keeps beside the document of operations, so that clients who were away can catch up. Default 1,000.
    public var operationsKept = 1_000
    /// Their bytes. Default 1 MiB.
    public var operationBytesKept = 1 << 20
    /// Ranges that one client may have selected in a document of operations. Default 16.
    public var selectionRanges = 16
    /// What one message of a document of operations may ask for.
    public var operations = OTLimits.standard
    /// What a document of operations holds in memory.
    public var revisions = RevisionLimits.standard
    /// What one update of Yjs may ask for.
    public var updates = YLimits.standard

    public init() {}
}
