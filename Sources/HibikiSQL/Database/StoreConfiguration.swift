// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Where everything is kept that has to outlive the server: the setting `store`.
public enum StoreConfiguration: Hashable, Sendable {
    /// `hibiki.sqlite` in the data folder, or the memory of a server that has none. The default.
    case automatic
    /// Nothing outlives the server.
    case memory
    /// A file of SQLite.
    case sqlite(path: String)
    /// What libpq takes for a connection: `postgres://user@host/database?sslmode=verify-full`.
    case postgres(url: String)

    /// The name of the database in the data folder.
    public static let fileName = "hibiki.sqlite"

    /// `nil` for a text that is none of `sqlite:PATH`, `memory` and `postgres://…`. Empty means ``automatic``.
    public init?(_ text: String) {
        let sqlite = "sqlite:"
        if text.isEmpty {
            self = .automatic
        } else if text == "memory" {
            self = .memory
        } else if text.hasPrefix(sqlite), text.utf8.count > sqlite.utf8.count {
            self = .sqlite(path: String(text.dropFirst(sqlite.count)))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(url: text)
        } else {
            return nil
        }
    }

    /// What ``automatic`` means with this data folder, which is empty where there is none.
    public func resolved(dataFolder: String) -> StoreConfiguration {
        guard self == .automatic else { return self }
        return dataFolder.isEmpty ? .memory : .sqlite(path: "\(dataFolder)/\(Self.fileName)")
    }
}

/// As it is written, with `***` in the place of a password: this is for logs and terminals.
extension StoreConfiguration: CustomStringConvertible {
    public var description: String {
        switch self {
        case .automatic: ""
        case .memory: "memory"
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let url): Self.withoutPassword(url)
        }
    }

    /// A password stands between the first `:` and the last `@`, or in the query as `password=`.
    ///
    /// libpq takes any character for a part of it but `/`, and ends it at the first `@`. What cannot be told apart from a
    /// password is hidden as well: an address is as useful without a port.
    private static func withoutPassword(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        var secrets: [Range<String.Index>] = []
        if let colon = rest.firstIndex(of: ":"), let at = rest.lastIndex(of: "@"), colon < at {
            secrets.append(rest.index(after: colon)..<at)
        }
        for part in rest.split(separator: "&") {
            guard let name = part.firstRange(of: "password=") else { continue }
            secrets.append(name.upperBound..<part.endIndex)
        }
        var shown = String(url[..<scheme.upperBound])
        var position = rest.startIndex
        for secret in secrets.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if secret.lowerBound >= position { shown += "\(url[position..<secret.lowerBound])***" }
            position = max(position, secret.upperBound)
        }
        return shown + url[position...]
    }
}
