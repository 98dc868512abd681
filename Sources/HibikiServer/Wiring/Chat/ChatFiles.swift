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
                throw WireError(refusal.code, refusal.message)
            }
        }
        return checked
    }

    /// What the upload is by its bytes, whatever the message says that it were.
    private static func attachment(_ upload: Upload, called name: String) -> HibikiChat.Attachment {
        HibikiChat.Attachment(
            id: upload.id.description, name: name, type: (upload.type ?? .unknown).mediaType,
            size: Int64(upload.length),
            width: upload.size.map { Int64($0.width) }, height: upload.size.map { Int64($0.height) })
    }
}

/// A file that is in no message may be swept away.
struct ChatFileReferences: UploadReferences {
    let service: ChatService

    func referenced(_ ids: [UploadID]) async throws -> Set<UploadID> {
        var kept: Set<UploadID> = []
        for id in ids where try await self.service.isAttached(id.description) { kept.insert(id) }
        return kept
    }
}

/// Lets those have a file who may read a message that carries it, beside its owner.
struct ChatFileAccess: UploadAccess {
    let owners: any UploadAccess
    let desk: ChatDesk

    func mayCreate(_ principal: Principal) async -> Bool { await self.owners.mayCreate(principal) }

    /// Asked at every download, so that somebody who was removed from a room gets nothing that came later.
    func mayRead(_ upload: Upload, _ principal: Principal) async -> Bool {
        if await self.owners.mayRead(upload, principal) { return true }
        guard let person = try? self.desk.person(principal) else { return false }
        let mayDownload = try? await self.desk.service.mayDownload(upload.id.description, person, at: .now())
        return mayDownload ?? false
    }
}
