// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The ways to listen. All read the same log.
public enum Transport: String, CaseIterable, Sendable {
    case webSocket = "ws"
    case serverSentEvents = "sse"
    case longPolling = "longpoll"
    case shortPolling = "poll"
}
