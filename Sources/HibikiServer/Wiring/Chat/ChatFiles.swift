// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiTransports
import HibikiUploads
import HibikiWire

/// What messages carry are uploads: of those whom they are sent by, or of others whose files these may have.
struct ChatFiles: ChatAttachments {
    let uploads: @Sendable () throws -> UploadService

    func check(
        _ attachments: [HibikiChat.Attachment], of person: ChatPerson
    ) async throws -> [HibikiChat.Attachment] {
        var checked: [HibikiChat.Attachment] = []
        for attachment in attachments {
            do {
                guard let id = UploadID(attachment.id) else { throw UploadRefusal.notFound }
                let upload = try await self.uploads().hold(id, by: Principal(id: person.id.rawValue))
                checked.append(Self.attachment(upload, called: attachment.name))
            } catch let refusal as UploadRefusal {
                throw Self.error(refusal)
            }
        }
        return checked
    }

    private static func error(_ refusal: UploadRefusal) -> WireError {
        // That somebody else works on the file ends soon.
        let code = refusal.code == .uploadLocked ? .overloaded : refusal.code
        return WireError(code, refusal.message)
    }

    /// What the upload is by its bytes, whatever the message says that it were.
    private static func attachment(_ upload: Upload, called name: String) -> HibikiChat.Attachment {
        let names = [FileName.clean(name), upload.name]
        return HibikiChat.Attachment(
            id: upload.id.description, name: names.first { !$0.isEmpty } ?? upload.id.description,
            type: (upload.type ?? .unknown).mediaType,
            size: Int64(upload.length),
            width: upload.size.map { Int64($0.width) }, height: upload.size.map { Int64($0.height) })
    }
}

/// A file that was begun for a message, or was in one, may be swept away when none carries it. What became of other files the chat does not know.
struct ChatFileReferences: UploadReferences {
    /// Whether a message carries the file with this id.
    let isAttached: @Sendable (String) async throws -> Bool
    /// Who knows other references; `nil` if nobody does, and then other files stay.
    let others: (any UploadReferences)?

    func referenced(_ uploads: [Upload]) async throws -> Set<UploadID> {
        var kept = try await self.others?.referenced(uploads) ?? Set(uploads.lazy.filter { !$0.isForMessage }.map(\.id))
        for upload in uploads where !kept.contains(upload.id) && upload.isForMessage {
            if try await self.isAttached(upload.id.description) { kept.insert(upload.id) }
        }
        return kept
    }
}

/// Lets those have a file who may read a message that carries it, beside its owner.
struct ChatFileAccess: UploadAccess {
    let owners: any UploadAccess
    let desk: ChatDesk

    func mayCreate(_ principal: Principal) async -> Bool { await self.owners.mayCreate(principal) }

    /// Asked at every download, so that somebody who was removed from a room gets nothing that came later.
    func mayRead(_ upload: Upload, _ principal: Principal) async throws -> Bool {
        if try await self.owners.mayRead(upload, principal) { return true }
        guard let person = try? self.desk.person(principal) else { return false }
        return try await self.desk.service.mayDownload(upload.id.description, person, at: .now())
    }
}
