// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging

/// Writes down who has done what to others, by the name of the API key.
struct Audit: Sendable {
    let logger: Logger

    func note(_ what: Logger.Message, by principal: Principal, _ metadata: Logger.Metadata) {
        let key: Logger.Metadata = ["key": "\(principal.key?.name ?? "")"]
        self.logger.notice(what, metadata: metadata.merging(key) { $1 })
    }

    func note(
        _ what: Logger.Message, by principal: Principal, _ metadata: Logger.Metadata, _ tally: ServerDirectory.Tally
    ) {
        let counts: Logger.Metadata = [
            "connections": .stringConvertible(tally.connections), "sockets": .stringConvertible(tally.sockets),
        ]
        self.note(what, by: principal, metadata.merging(counts) { $1 })
    }
}
