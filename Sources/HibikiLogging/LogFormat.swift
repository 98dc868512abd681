// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How lines are written.
public enum LogFormat: Hashable, Sendable {
    /// For people: the time of day, the level, the message, and the metadata as `name=value`.
    case text(isColoured: Bool)
    /// For machines: each line is one JSON object.
    case json

    /// - Parameter offset: of the local time from UTC in seconds, for people.
    func line(_ record: LogRecord, offset: Int64) -> [UInt8] {
        switch self {
        case .text(let isColoured): TextLine(isColoured: isColoured, offset: offset).bytes(of: record)
        case .json: JSONLine.bytes(of: record)
        }
    }
}
