// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What somebody may do with a document. Each level includes those before it.
public enum DocumentAccess: Int, Hashable, Comparable, Sendable, CaseIterable {
    case none
    /// To see it, and who else is there; and to be seen.
    case read
    /// To write into the document of its comments as well, see ``DocumentName``.
    case comment
    case write

    public static func < (one: DocumentAccess, other: DocumentAccess) -> Bool { one.rawValue < other.rawValue }
}
