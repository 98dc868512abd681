// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One step of the schema. Steps are numbered from 1 without a gap, only ever go forward, and are never changed once a
/// version with them was released: what is to be otherwise is another step.
public struct SQLMigration: Hashable, Sendable {
    /// A statement of a step: of one text for all databases, or for one of them alone.
    ///
    /// Two words stand for types: `KEY_TEXT` for a text that is ordered by its bytes, and `AUTO_NUMBER` for a column that
    /// numbers the rows by itself.
    public struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
        let text: String
        let dialect: SQLDialect?

        public init(stringLiteral text: String) {
            self.text = text
            self.dialect = nil
        }

        /// What only that database has: its full-text index.
        public static func only(_ dialect: SQLDialect, _ text: String) -> Statement {
            Statement(text: text, dialect: dialect)
        }

        private init(text: String, dialect: SQLDialect) {
            self.text = text
            self.dialect = dialect
        }
    }

    public let number: Int
    /// A few words for people.
    public let name: String
    private let statements: [Statement]

    public init(_ number: Int, _ name: String, _ statements: [Statement]) {
        self.number = number
        self.name = name
        self.statements = statements
    }

    func statements(for dialect: SQLDialect) -> [SQLStatement] {
        self.statements
            .filter { $0.dialect == nil || $0.dialect == dialect }
            .map {
                SQLStatement(
                    $0.text.replacing("KEY_TEXT", with: dialect.keyText).replacing(
                        "AUTO_NUMBER", with: dialect.autoNumber))
            }
    }

    /// Sixteen hexadecimal digits that change with the statements for this database: FNV-1a of 64 bits over their bytes,
    /// each ended by a zero. It finds a mistake, not a forgery.
    func checksum(for dialect: SQLDialect) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for statement in self.statements(for: dialect) {
            for byte in statement.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = hash &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
