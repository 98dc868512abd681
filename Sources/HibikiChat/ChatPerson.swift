// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who gives a command.
public struct ChatPerson: Hashable, Sendable {
    public let id: UserID
    /// What others are shown, without control characters; at most 128 bytes, and the rest is cut off.
    public let name: String?
    /// May do in every room what its owner may, and erase people: the operator's own back ends.
    public let isAdministrator: Bool

    public init(id: UserID, name: String? = nil, isAdministrator: Bool = false) {
        self.id = id
        self.name = name.map { name in
            name.isPlain(0...128)
                ? name : String(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }).prefix(utf8: 128)
        }
        self.isAdministrator = isAdministrator
    }
}

extension String {
    /// The beginning of the text, at most so many bytes of it, without half a scalar at its end.
    func prefix(utf8 limit: Int) -> String {
        guard self.utf8.count > limit else { return self }
        var end = self.utf8.index(self.startIndex, offsetBy: limit)
        while end > self.startIndex, end.samePosition(in: self.unicodeScalars) == nil {
            end = self.utf8.index(before: end)
        }
        return String(self[..<end])
    }
}
