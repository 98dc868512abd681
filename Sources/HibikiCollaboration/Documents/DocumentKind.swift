// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a document is made of. The first who writes into it decides, for good.
public enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    /// What Yjs merges.
    case yjs
    /// Plain text that operations edit.
    case text
    /// Rich text that operations edit.
    case rich

    var words: String {
        switch self {
        case .yjs: "a document of Yjs"
        case .text: "plain text of operations"
        case .rich: "rich text of operations"
        }
    }
}

/// The kinds of documents that operations edit.
public enum OTKind: String, Hashable, Sendable, CaseIterable {
    case text, rich

    var documents: DocumentKind {
        switch self {
        case .text: .text
        case .rich: .rich
        }
    }
}

extension StoredDocument {
    /// What was stored first says it; `nil` if nothing was written yet.
    var kind: DocumentKind? {
        guard let bytes = self.snapshot ?? self.updates.first else { return nil }
        // No update of Yjs begins like this: the fifth byte says of what the first of its parts is, and is none that there is.
        for kind in [DocumentKind.text, .rich] where bytes.starts(with: OTFrame.opening(kind.rawValue)) { return kind }
        return .yjs
    }
}
