// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What the operator has decided about rooms.
public struct ChatPolicy: Hashable, Sendable {
    /// Whether joining a room that is not there makes it, as a public one. Default: no.
    public var joiningCreates = false
    /// Whether anybody may create public rooms, or only administrators. Default: anybody.
    public var anybodyCreatesPublicRooms = true

    public init() {}
}
