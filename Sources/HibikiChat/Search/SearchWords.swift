// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How texts are taken apart into words, the same wherever a store has no way of its own.
public enum SearchWords {
    /// The runs of letters and digits, in lower case. Scripts that write no spaces, such as Japanese, give one word for each
    /// character, so that a part of a sentence is found.
    public static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func end() {
            if !word.isEmpty { words.append(String(word).lowercased()) }
            word = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            if Self.standsAlone(scalar) {
                end()
                words.append(String(scalar))
            } else if Self.isInWord(scalar) {
                word.append(scalar)
            } else {
                end()
            }
        }
        end()
        return words
    }

    private static func isInWord(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else {
            // Without a look into the tables of Unicode
            return switch scalar {
            case "0"..."9", "A"..."Z", "a"..."z": true
            default: false
            }
        }
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil
            || properties.generalCategory == .nonspacingMark
    }

    /// Kana, ideographs and their like: U+3040 to U+30FF, U+3400 to U+9FFF, U+F900 to U+FAFF, and the planes 2 and 3.
    private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}

extension SearchQuery {
    /// Whether a message is what is looked for, beside who reads it: for stores that look at each message.
    public func matches(_ message: Message) -> Bool {
        guard !message.isDeleted, self.from.map({ $0 == message.user }) ?? true,
            self.room.map({ $0 == message.room }) ?? true, self.before.map({ message.timestamp < $0 }) ?? true,
            self.after.map({ message.timestamp >= $0 }) ?? true, self.cursor.map({ $0.precedes(message) }) ?? true,
            self.features.allSatisfy(message.has)
        else { return false }
        guard !self.words.isEmpty else { return true }
        return Set(self.words).isSubset(of: SearchWords.words(of: message.content))
    }
}

extension Message {
    /// Whether it has what `has:` asks for.
    public func has(_ feature: SearchQuery.Feature) -> Bool {
        switch feature {
        case .image: self.kind == .image || self.attachments.contains { $0.type.utf8.starts(with: "image/".utf8) }
        case .file: !self.attachments.isEmpty
        case .link: self.content.utf8.contains("http://".utf8) || self.content.utf8.contains("https://".utf8)
        case .reaction: !self.reactions.isEmpty
        case .pin: self.pinnedAt != nil
        }
    }
}

extension Sequence<UInt8> {
    /// Whether these bytes stand in it one after the other.
    fileprivate func contains(_ wanted: some Collection<UInt8>) -> Bool {
        let bytes = Array(self)
        let wanted = Array(wanted)
        guard bytes.count >= wanted.count else { return false }
        return (0...bytes.count - wanted.count).contains { bytes[$0..<$0 + wanted.count] == wanted[...] }
    }
}
