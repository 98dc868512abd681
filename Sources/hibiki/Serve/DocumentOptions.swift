// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration

/// The flags of `serve` that are about documents.
struct DocumentOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Documents that several people edit at once. (default: --documents)")
    var documents: Bool?
    @Option(help: "Bytes that a document may take. (default: 67108864)") var documentBytes: Int?
    @Option(help: "Bytes of one message of an editor. (default: 16777216)") var documentMessage: Int?
    @Option(help: "Connections in one document. (default: 1000)") var documentUsers: Int?
    @Option(help: "Documents in memory at a time. (default: 10000)") var documentsOpen: Int?
    @Option(help: "The file of Yjs, an ES module, for the page at /documents/.") var documentYjs: String?

    var values: [(String, ConfigContent?)] {
        [
            ("documents", self.documents.map(ConfigContent.bool)),
            ("document-bytes", self.documentBytes.map(ConfigContent.int)),
            ("document-message", self.documentMessage.map(ConfigContent.int)),
            ("document-users", self.documentUsers.map(ConfigContent.int)),
            ("documents-open", self.documentsOpen.map(ConfigContent.int)),
            ("document-yjs", self.documentYjs.map(ConfigContent.string)),
        ]
    }
}
