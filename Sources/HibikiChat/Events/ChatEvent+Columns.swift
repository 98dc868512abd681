// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

extension ChatEvent.Kind {
    /// The kind as a table holds it: four columns for all kinds.
    public struct Columns: Hashable, Sendable {
        public var name: ChatEventName
        public var sequence: Int64?
        /// The person that it is about, where that need not be who did it.
        public var subject: UserID?
        public var detail: String?

        public init(name: ChatEventName, sequence: Int64? = nil, subject: UserID? = nil, detail: String? = nil) {
            self.name = name
            self.sequence = sequence
            self.subject = subject
            self.detail = detail
        }
    }

    public var columns: Columns {
        switch self {
        case .message(let sequence): Columns(name: .message, sequence: sequence)
        case .messageEdited(let sequence): Columns(name: .messageEdited, sequence: sequence)
        case .messageDeleted(let sequence, let deletion):
            Columns(name: .messageDeleted, sequence: sequence, detail: deletion.rawValue)
        case .reaction(let sequence, let emoji, let isAdded):
            Columns(name: .reaction, sequence: sequence, detail: (isAdded ? "+" : "-") + emoji.rawValue)
        case .pinned(let sequence, let isPinned):
            Columns(name: .pinned, sequence: sequence, detail: isPinned ? "+" : "-")
        case .readReceipt(let sequence): Columns(name: .readReceipt, sequence: sequence)
        case .deliveryReceipt(let sequence): Columns(name: .deliveryReceipt, sequence: sequence)
        case .userJoined(let user, let role, let name):
            Columns(name: .userJoined, subject: user, detail: name.map { "\(role.rawValue) \($0)" } ?? role.rawValue)
        case .userLeft(let user, let standing): Columns(name: .userLeft, subject: user, detail: standing.rawValue)
        case .roleChanged(let user, let role): Columns(name: .roleChanged, subject: user, detail: role.rawValue)
        case .muted(let user, let until):
            Columns(name: .muted, subject: user, detail: until.map { "\($0.milliseconds)" })
        case .roomUpdated: Columns(name: .roomUpdated)
        case .personErased(let pseudonym): Columns(name: .personErased, subject: pseudonym)
        }
    }

    /// `nil` for columns that no version before this one has written.
    public init?(_ columns: Columns) {
        let kind = Self.aboutMessage(columns) ?? Self.aboutPerson(columns)
        guard let kind else {
            guard columns.name == .roomUpdated else { return nil }
            self = .roomUpdated
            return
        }
        self = kind
    }

    private static func aboutMessage(_ columns: Columns) -> Self? {
        guard let sequence = columns.sequence else { return nil }
        let detail = columns.detail ?? ""
        switch columns.name {
        case .message: return .message(sequence)
        case .messageEdited: return .messageEdited(sequence)
        case .messageDeleted: return Message.Deletion(rawValue: detail).map { .messageDeleted(sequence, $0) }
        case .reaction:
            let isAdded = detail.utf8.first == UInt8(ascii: "+")
            let emoji = String(decoding: detail.utf8.dropFirst(), as: UTF8.self)
            return Emoji(rawValue: emoji).map { .reaction(sequence, $0, isAdded: isAdded) }
        case .pinned: return .pinned(sequence, isPinned: detail == "+")
        case .readReceipt: return .readReceipt(sequence)
        case .deliveryReceipt: return .deliveryReceipt(sequence)
        default: return nil
        }
    }

    private static func aboutPerson(_ columns: Columns) -> Self? {
        guard let subject = columns.subject else { return nil }
        switch columns.name {
        case .userJoined:
            let parts = (columns.detail ?? "").utf8.split(
                separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
            guard let role = parts.first.flatMap({ Role(rawValue: String(Substring($0))) }) else { return nil }
            return .userJoined(subject, role, name: parts.count > 1 ? parts.last.map { String(Substring($0)) } : nil)
        case .userLeft:
            return columns.detail.flatMap(Membership.Standing.init).map { .userLeft(subject, $0) }
        case .roleChanged:
            return columns.detail.flatMap(Role.init).map { .roleChanged(subject, $0) }
        case .muted:
            return .muted(subject, until: columns.detail.flatMap { Int64($0) }.map(Timestamp.init(milliseconds:)))
        case .personErased: return .personErased(subject)
        default: return nil
        }
    }
}
