// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension SQLMigrator {
    /// The schema of this version: every step since the first.
    public static let hibiki = SQLMigrator([.chat, .chatPeople, .documents])
}
