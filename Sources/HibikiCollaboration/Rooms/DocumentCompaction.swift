// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Makes one snapshot of a document's snapshot and what is stored behind it.
///
/// It is made of what is stored, not of what a room has in memory: so it is right whoever else has stored something.
struct DocumentCompaction {
    let store: any DocumentStore
    let configuration: CollaborationConfiguration

    /// - Returns: what the document takes then; `nil` if somebody else has been first.
    @concurrent
    func run(_ name: DocumentName) async throws -> DocumentSize? {
        guard let stored = try await self.store.load(name), let kind = stored.kind, !stored.updates.isEmpty else {
            return nil
        }
        let snapshot = try kind.snapshot(of: stored, self.configuration)
        return try await self.store.replace(stored, by: snapshot, of: name)
    }
}
