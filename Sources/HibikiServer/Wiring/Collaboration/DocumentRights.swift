// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiMessaging
import HibikiWire

/// What rules, tokens and the operator's service say of documents: by their topics.
struct DocumentRights: Sendable {
    let access: AccessControl

    init(_ access: AccessControl) {
        self.access = access
    }

    /// What somebody may do. Whoever may subscribe to the topic of a document may read it, and who may publish there may write it; who
    /// may publish below it, at `…/comments`, may comment.
    ///
    /// - Returns: a failure if nobody can be asked.
    func level(
        of principal: Principal, on name: DocumentName, at now: Timestamp
    ) async -> Result<DocumentAccess, WireError> {
        do throws(WireError) {
            guard try await self.may(.subscribe(name.topic), principal, at: now) else { return .success(.none) }
            if try await self.may(.publish(name.topic), principal, at: now) { return .success(.write) }
            guard let comments = try? Topic(name.topic.name + "/comments") else { return .success(.read) }
            return .success(try await self.may(.publish(comments), principal, at: now) ? .comment : .read)
        } catch {
            return .failure(error)
        }
    }

    private func may(_ action: Action, _ principal: Principal, at now: Timestamp) async throws(WireError) -> Bool {
        do throws(WireError) {
            try await self.access.authorize(action, by: principal, at: now)
            return true
        } catch {
            guard [.permissionDenied, .authenticationRequired].contains(error.code) else { throw error }
            return false
        }
    }
}
