// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiServer

extension Settings {
    static var documents: [Setting] {
        [
            Setting(key: "documents", target: .flag(\.documents.isOn)),
            Setting(
                key: "document-bytes", target: .number(\.documents.collaboration.documentBytes, 1_024...1_073_741_824)),
            Setting(key: "document-message", target: .number(\.documents.messageBytes, 1_024...268_435_456)),
            Setting(key: "document-users", target: .number(\.documents.collaboration.peers, 1...1_000_000)),
            Setting(key: "documents-open", target: .number(\.documents.collaboration.documents, 1...1_000_000)),
            Setting(key: "document-yjs", target: .text(\.documents.yjs.file)),
        ]
    }
}
