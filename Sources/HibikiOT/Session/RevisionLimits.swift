// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How much a ``RevisionLog`` holds and does. Whoever needs more than it holds loads the document anew.
public struct RevisionLimits: Hashable, Sendable {
    /// Operations that are held for those who come from an older revision. Default 10,000.
    ///
    /// Ten people who type at once make some dozens a second, so this is minutes rather than hours.
    public var operations = 10_000
    /// About how many bytes these may take. Default 8 MiB.
    public var weight = 8 << 20
    /// Components that may be walked over to rebase one operation. Default 1,000,000.
    ///
    /// An operation of many components on an old revision would otherwise take seconds.
    public var rebaseSteps = 1_000_000
    /// About how many bytes one operation may take in memory, also when it has been rebased. Default 4 MiB.
    ///
    /// What others inserted cuts an operation into more components, each with its attributes.
    public var operationWeight = 4 << 20
    /// About how many bytes a document may take in memory. Default 64 MiB.
    public var documentWeight = 64 << 20
    /// UTF-16 units of a document. Default 16,777,216.
    public var documentLength = 1 << 24

    public init() {}

    public static let standard = RevisionLimits()
}
