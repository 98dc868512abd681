// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who may read `/metrics`.
public enum MetricsAccess: String, CaseIterable, Sendable {
    /// Clients on this machine whose request did not come through a proxy that says so.
    case local
    /// Everybody who reaches the port.
    case open
    /// Nobody: there is no such page.
    case off
}
