// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What may be uploaded. Every limit is checked before a byte is stored that would break it.
public struct UploadLimits: Sendable, Equatable {
    /// Bytes of one file. Default 1 GiB; more is answered with 413.
    public var fileBytes = 1 << 30
    /// Bytes of all files of one principal, announced ones too. Default 10 GiB; more is answered with 413 and `quota_exceeded`.
    public var principalBytes = 10 << 30
    /// Files of one principal, announced ones too. Default 10,000; one more is answered with 413 and `quota_exceeded`.
    public var files = 10_000
    /// Uploads of one principal that are not complete. Default 100; one more is answered with 429.
    public var unfinished = 100
    /// How long an upload may take that nothing is added to. Default 24 hours.
    public var unfinishedAge: Duration = .seconds(86_400)
    /// How long a complete file stays that nothing refers to. Default 24 hours; zero for ever.
    public var unreferencedAge: Duration = .seconds(86_400)
    /// Bytes of `Upload-Metadata`. Default 4 KiB.
    public var metadataBytes = 4 << 10
    /// The types that are taken, as `image/png` or `image/*`.
    public var types = AllowedTypes.standard
    /// How long a signed link may hold at most. Default 7 days.
    public var longestLink: Duration = .seconds(7 * 86_400)

    public init() {}
}
