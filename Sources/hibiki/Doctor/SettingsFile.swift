// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser

/// The keys of a settings file, which are the names of the flags of `hibiki serve`.
enum SettingsFile {
    /// Every flag is a key. That there are others, such as `--help`, hides a mistake at worst.
    static let known: Set<String> = {
        let words = ServeCommand.helpMessage(columns: 100).split { " \n/,[]()".contains($0) }
        return Set(words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) })
    }()

    /// The keys at the top of a YAML file; of a JSON file none, because its lines say nothing about it.
    static func keys(ofFile path: String) -> [String] {
        guard !path.hasSuffix(".json"), let text = SystemFile.text(path) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard let first = line.utf8.first, Self.isKeyByte(first) || first == UInt8(ascii: "\""),
                let colon = line.firstIndex(of: ":")
            else { return nil }
            return line[..<colon].filter { $0 != "\"" && $0 != " " }
        }
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
