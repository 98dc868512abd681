// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension SQLDialect {
    /// Above so many messages with these words it is cheaper to look through the messages, the newest first, for some that have them,
    /// than to sort all that do.
    static let manyMatches = 20_000

    /// Asks for `matches`, how many messages have all of these words, counted up to one more than ``manyMatches``. `nil` for a
    /// database that knows how frequent words are and decides by itself.
    func matchCount(_ words: [String]) -> SQLStatement? {
        guard self.search == .fts5 else { return nil }
        let count: SQLFragment = """
            SELECT count(*) AS matches FROM ( \
            SELECT 1 FROM chat_search WHERE chat_search MATCH \(Self.phrases(words)) LIMIT \(Self.manyMatches + 1)) f
            """
        return count.statement
    }

    /// The messages `m` that have all of these words, as what stands behind FROM, and a condition. Words are in lower case and hold
    /// letters and digits only.
    func messages(with words: [String], areFrequent: Bool) -> (source: String, condition: SQLFragment) {
        switch self.search {
        case .fts5 where areFrequent:
            (
                "chat_message m",
                "EXISTS (SELECT 1 FROM chat_search WHERE chat_search MATCH \(Self.phrases(words)) AND rowid = m.id)"
            )
        case .fts5:
            // SQLite takes the tables of a CROSS JOIN in the order in which they are written.
            (
                "chat_search CROSS JOIN chat_message m ON m.id = chat_search.rowid",
                "chat_search MATCH \(Self.phrases(words))"
            )
        case .textSearchVector:
            (
                "chat_message m",
                """
                m.words <> '' AND to_tsvector('simple', m.words) \
                @@ to_tsquery('simple', \(words.map { "'\($0)'" }.joined(separator: " & ")))
                """
            )
        }
    }

    private static func phrases(_ words: [String]) -> String {
        words.map { "\"\($0)\"" }.joined(separator: " ")
    }
}
