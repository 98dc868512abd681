// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a request for a file says about what its sender has already (RFC 9110 §13).
///
/// A file never changes once it is complete, so its tag is strong and its date says nothing that the tag does not.
public struct DownloadConditions: Sendable {
    public var ifNoneMatch: String?
    public var ifMatch: String?
    public var ifRange: String?
    public var range: String?

    public init() {}

    public enum Answer: Equatable, Sendable {
        /// 304: the client has it.
        case notModified
        /// 412
        case preconditionFailed
        /// 416
        case unsatisfiable
        /// 200
        case whole
        /// 206
        case part(Range<Int>)
    }

    public func answer(tag: String, length: Int) -> Answer {
        if let ifMatch, !Self.list(ifMatch, names: tag, isWeak: false) { return .preconditionFailed }
        if let ifNoneMatch, Self.list(ifNoneMatch, names: tag, isWeak: true) { return .notModified }
        // A range of another file than the client has would be worse than the whole one (§13.1.5).
        guard self.ifRange.map({ $0 == tag }) ?? true else { return .whole }
        switch ByteRanges(self.range, length: length) {
        case .whole: return .whole
        case .part(let part): return .part(part)
        case .unsatisfiable: return .unsatisfiable
        }
    }

    /// - Parameter isWeak: whether `W/` before a tag does not matter (§8.8.3.2).
    private static func list(_ text: String, names tag: String, isWeak: Bool) -> Bool {
        text.utf8.split(separator: UInt8(ascii: ",")).contains { part in
            let words = Array(part.filter { $0 != 0x20 && $0 != 0x09 })
            let plain = isWeak && words.starts(with: "W/".utf8) ? words.dropFirst(2) : words[...]
            return plain.elementsEqual("*".utf8) || plain.elementsEqual(tag.utf8)
        }
    }
}
