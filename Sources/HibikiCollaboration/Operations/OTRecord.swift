// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT

/// A document of operations as it is stored.
///
/// An update is a logged operation, `{"type":"text","client":…,"operation":…,"revision":…,"sequence":…}`. A snapshot is the document, its
/// revision, and the last operations that led there: `{"type":"text","document":…,"operations":[…],"revision":…}`. The first operation and
/// every snapshot have the incarnation as well, by which documents of one name are told apart that were deleted and made anew.
struct OTRecord<Operation: OTOperation> {
    let log: RevisionLog<Operation>
    /// `nil` if nothing is stored yet.
    let incarnation: String?

    init(_ stored: StoredDocument?, _ configuration: CollaborationConfiguration) throws(OTError) {
        var snapshot = RevisionLog<Operation>.Snapshot()
        var operations: [LoggedOperation<Operation>] = []
        var incarnation: String?
        if let bytes = stored?.snapshot {
            let value = try OTValue(json: bytes, limits: .stored)
            snapshot = try RevisionLog<Operation>.Snapshot(value, limits: .stored)
            incarnation = value["incarnation"]?.string
            if case .array(let kept)? = value["operations"] {
                for operation in kept { operations.append(try LoggedOperation(operation, limits: .stored)) }
            }
        }
        for bytes in stored?.updates ?? [] {
            let value = try OTValue(json: bytes, limits: .stored)
            incarnation = incarnation ?? value["incarnation"]?.string
            operations.append(try LoggedOperation(value, limits: .stored))
        }
        self.log = try RevisionLog(snapshot, operations: operations, limits: configuration.revisions)
        self.incarnation = incarnation
    }

    /// An operation that is to be stored.
    ///
    /// - Parameter json: what it is as JSON.
    static func update(
        _ logged: LoggedOperation<Operation>, json: [UInt8], _ kind: OTKind, incarnation: String
    ) -> [UInt8] {
        guard logged.revision == 1 else { return OTFrame.make(kind.rawValue, json: json) }
        return OTFrame.make(kind.rawValue, logged.value.with("incarnation", OTValue(incarnation)))
    }

    func snapshot(_ kind: OTKind, _ configuration: CollaborationConfiguration) throws(OTError) -> [UInt8] {
        let value: OTValue = [
            "document": self.log.document.value, "incarnation": OTValue(self.incarnation ?? ""),
            "operations": .array(try self.kept(configuration)), "revision": OTValue(self.log.revision),
        ]
        return OTFrame.make(kind.rawValue, value)
    }

    /// The last operations, as many as are kept beside a snapshot.
    private func kept(_ configuration: CollaborationConfiguration) throws(OTError) -> [OTValue] {
        let oldest = max(self.log.oldestRevision, self.log.revision - max(0, configuration.operationsKept))
        var kept: [OTValue] = []
        var bytes = 0
        for logged in try self.log.operations(since: oldest).reversed() {
            let value = logged.value
            bytes += value.json.count
            guard bytes <= configuration.operationBytesKept else { break }
            kept.append(value)
        }
        return kept.reversed()
    }
}

extension OTLimits {
    /// For what the server has stored itself: it was checked before, and what many have written together may be more than one of them may.
    fileprivate static let stored = {
        var limits = OTLimits()
        limits.bytes = .max
        limits.values = .max
        limits.components = .max
        limits.attributes = .max
        limits.attributeWeight = .max
        limits.depth += 8
        return limits
    }()
}

extension OTValue {
    /// An object with one member more.
    fileprivate func with(_ key: UTF16Text, _ value: OTValue) -> OTValue {
        guard case .object(let object) = self else { return self }
        return .object(OTObject(object.members.map { ($0.key, $0.value) } + [(key, value)]))
    }
}
