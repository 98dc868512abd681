// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Where a reader of several topics stands: one position for each, in one opaque string.
///
/// A reader of one topic uses that topic's ``StreamPosition`` as it is. The text of a vector is `v1.` and the base64url
/// form of its entries; each has the topic's ``Topic/fingerprint``, epoch and offset, so that it does not matter in which order
/// a later request names its topics, or whether it names others too.
public struct PositionVector: Hashable, Sendable {
    private struct Entry: Hashable {
        var fingerprint: UInt64
        var position: StreamPosition
    }

    /// The most entries that a text may have: the most topics that a request may name.
    public static let maximumEntries = 128
    private static let prefix = "v1."
    private static let entryBytes = 20
    /// The longest text that is looked at.
    private static let longestText = prefix.utf8.count + (maximumEntries * entryBytes * 4 + 2) / 3

    private var entries: [Entry] = []

    public init() {}

    public subscript(topic: Topic) -> StreamPosition? {
        get {
            let fingerprint = topic.fingerprint
            return self.entries.first { $0.fingerprint == fingerprint }?.position
        }
        set {
            let fingerprint = topic.fingerprint
            let index = self.entries.firstIndex { $0.fingerprint == fingerprint }
            switch (index, newValue) {
            case (let index?, let position?): self.entries[index].position = position
            case (let index?, nil): self.entries.remove(at: index)
            case (nil, let position?): self.entries.append(Entry(fingerprint: fingerprint, position: position))
            case (nil, nil): break
            }
        }
    }

    /// Reads the text form; `nil` for anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.longestText, text.utf8.starts(with: Self.prefix.utf8),
            let bytes = Base64URL.decode(text.utf8.dropFirst(Self.prefix.utf8.count)),
            bytes.count.isMultiple(of: Self.entryBytes),
            bytes.count / Self.entryBytes <= Self.maximumEntries
        else { return nil }
        for start in stride(from: 0, to: bytes.count, by: Self.entryBytes) {
            func integer(at offset: Int, bytes count: Int) -> UInt64 {
                bytes[(start + offset)..<(start + offset + count)].reduce(0) { $0 << 8 | UInt64($1) }
            }
            let epoch = Epoch(UInt32(truncatingIfNeeded: integer(at: 8, bytes: 4)))
            let position = StreamPosition(epoch: epoch, offset: integer(at: 12, bytes: 8))
            self.entries.append(Entry(fingerprint: integer(at: 0, bytes: 8), position: position))
        }
    }
}

extension PositionVector: CustomStringConvertible {
    public var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.entries.count * Self.entryBytes)
        for entry in self.entries {
            withUnsafeBytes(of: entry.fingerprint.bigEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: entry.position.epoch.value.bigEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: entry.position.offset.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return Self.prefix + Base64URL.encode(bytes)
    }
}
