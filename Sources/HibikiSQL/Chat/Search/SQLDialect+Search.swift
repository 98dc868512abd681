// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension SQLDialect {
    /// Whether the message `m` has all of these words, which are in lower case and hold letters and digits only.
    func hasWords(_ words: [String]) -> SQLFragment {
        switch self.search {
        case .fts5:
            let query = words.map { "\"\($0)\"" }.joined(separator: " ")
            return "m.id IN (SELECT rowid FROM chat_search WHERE chat_search MATCH \(query))"
        case .textSearchVector:
            let query = words.map { "'\($0)'" }.joined(separator: " & ")
            return "m.words <> '' AND to_tsvector('simple', m.words) @@ to_tsquery('simple', \(query))"
        }
    }
}
