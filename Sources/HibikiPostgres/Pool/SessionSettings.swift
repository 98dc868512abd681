// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// What a session is told when it begins.
enum SessionSettings {
    /// Does nothing but a round trip.
    static let question = SQLStatement("SELECT 1 AS one")

    /// How long the locks of a node are kept that is gone without a word.
    private static let longestPause: Duration = .seconds(60)

    /// - Parameter timeLimit: of a statement; `nil` for none, of a transaction that says nothing neither.
    static func statements(timeLimit: Duration?) -> [SQLStatement] {
        let settings = [
            ("statement_timeout", timeLimit),
            ("idle_in_transaction_session_timeout", timeLimit == nil ? nil : Self.longestPause),
        ]
        let limits = settings.map { name, limit in
            let milliseconds = limit.map { min(Int64(Int32.max), max(1, Int64($0 / .milliseconds(1)))) } ?? 0
            return SQLStatement("SELECT set_config('\(name)', $1, false)", [.text("\(milliseconds)")])
        }
        // What is acknowledged is on the disk, whatever the server does for others.
        let durable = SQLStatement(
            "SELECT set_config(name, 'on', false) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'"
        )
        return limits + [durable]
    }
}
