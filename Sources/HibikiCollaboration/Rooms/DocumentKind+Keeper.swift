// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import HibikiYjs

extension DocumentKind {
    /// A document as it was stored, in memory.
    func keeper(
        of stored: StoredDocument?, _ configuration: CollaborationConfiguration
    ) throws -> any DocumentKeeper {
        switch self {
        case .yjs: try YjsKeeper(stored, configuration)
        case .text: try OTKeeper<TextOperation>(stored, .text, configuration)
        case .rich: try OTKeeper<Delta>(stored, .rich, configuration)
        }
    }

    /// The bytes that stand for all that was stored.
    func snapshot(of stored: StoredDocument, _ configuration: CollaborationConfiguration) throws -> [UInt8] {
        switch self {
        case .yjs: try YDocument(stored, limits: configuration.updates).encodeState()
        case .text: try OTRecord<TextOperation>(stored, configuration).snapshot(.text, configuration)
        case .rich: try OTRecord<Delta>(stored, configuration).snapshot(.rich, configuration)
        }
    }
}
