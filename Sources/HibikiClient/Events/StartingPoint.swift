// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Where a listener begins.
public enum StartingPoint: Equatable, Sendable {
    /// With the oldest event that the log still holds.
    case earliest
    /// With what happens next.
    case latest
    /// After the event at this position; for several topics the string that holds a position for each.
    case position(String)
    /// After these positions, by topic. A topic that is not named begins with what happens next.
    ///
    /// This is how to go on over another transport: with the positions of the events received last.
    case positions([String: String])

    /// Reads `earliest`, `latest`, or a position.
    public init(_ text: String) {
        switch text {
        case "earliest": self = .earliest
        case "latest": self = .latest
        default: self = .position(text)
        }
    }
}
