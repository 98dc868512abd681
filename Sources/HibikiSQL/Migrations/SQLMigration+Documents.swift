// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension SQLMigration {
    /// Documents: for each a snapshot and the updates behind it.
    ///
    /// - `id` is chosen by the program, and is another one when a document is made again under the same name.
    /// - Snapshots stand apart, so that a document's row stays small: each update writes it.
    static let documents = SQLMigration(
        3, "documents",
        [
            """
            CREATE TABLE document (
                id BIGINT NOT NULL PRIMARY KEY, name KEY_TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL,
                changed_at BIGINT NOT NULL, sequence BIGINT NOT NULL, snapshot_sequence BIGINT NOT NULL,
                snapshot_bytes BIGINT NOT NULL, updates BIGINT NOT NULL, update_bytes BIGINT NOT NULL)
            """,
            "CREATE TABLE document_snapshot (document BIGINT NOT NULL PRIMARY KEY, bytes BYTEA NOT NULL)",
            """
            CREATE TABLE document_update (
                document BIGINT NOT NULL, sequence BIGINT NOT NULL, bytes BYTEA NOT NULL,
                PRIMARY KEY (document, sequence))
            """,
        ])
}
