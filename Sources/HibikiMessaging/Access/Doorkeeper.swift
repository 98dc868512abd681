// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Told who comes and goes: of those who have shown a token, whichever way they come. What passes in between is not told, so that a
/// frame costs nothing more. Both are called on event loops, so they must be quick.
public protocol Doorkeeper: Sendable {
    /// A connection has begun to be somebody's, or somebody has sent a request.
    func saw(_ device: PresenceDevice, of principal: Principal, at now: Timestamp)

    /// A connection has ended.
    func lost(_ device: PresenceDevice, of principal: Principal, at now: Timestamp)
}
