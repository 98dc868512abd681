// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Names of files as people see them. The server never gives one to the file system.
public enum FileName {
    /// In bytes of UTF-8, as most file systems have it.
    private static let longest = 255

    /// A name without folders, control characters, and characters that turn the direction of the text, which would make `exe.gnp` of `png.exe`.
    public static func clean(_ name: String) -> String {
        let last = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last.map { Array($0) } ?? []
        var kept = last.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
            default: true
            }
        }
        while let first = kept.first, first == "." || first == " " { kept.removeFirst() }
        while let end = kept.last, end == "." || end == " " { kept.removeLast() }
        return self.cut(kept)
    }

    /// Keeps the beginning, and the extension where there is a short one.
    private static func cut(_ scalars: [Unicode.Scalar]) -> String {
        let whole = self.text(scalars)
        guard whole.utf8.count > self.longest else { return whole }
        let dot = scalars.lastIndex(of: ".") ?? scalars.endIndex
        let ending = scalars.count - dot <= 16 ? self.text(scalars[dot...]) : ""
        var room = self.longest - ending.utf8.count
        let beginning = scalars.prefix(ending.isEmpty ? scalars.count : dot).prefix { scalar in
            room -= UTF8.width(scalar)
            return room >= 0
        }
        return self.text(beginning) + ending
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}
