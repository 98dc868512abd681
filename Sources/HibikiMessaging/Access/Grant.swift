// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Something that is allowed: actions, on the topics of a pattern.
///
/// Its text is `subscribe+publish orders/*`: actions with a plus between them, or `all` for everything about topics, then the
/// pattern; or `signal` alone, which has no topic. So it stands in the `permissions` of a token, and behind whom a rule is for.
public struct Grant: Hashable, Sendable {
    public typealias Problem = TopicPattern.Problem

    public let text: String
    /// One bit for each, because this is asked for every command.
    private let kinds: UInt8
    /// `nil` for signals.
    private let pattern: TopicPattern?

    public init(_ text: String) throws(Problem) {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let actions = words.first else { throw Problem(description: "there is nothing that is allowed") }
        self.kinds = try Self.kinds(actions)
        self.text = text
        guard words.count == 2, let pattern = words.last else {
            guard self.kinds == Action.Kind.signal.bit else {
                throw Problem(description: "\(actions) is followed by a pattern of topics")
            }
            self.pattern = nil
            return
        }
        guard self.kinds & Action.Kind.signal.bit == 0 else {
            throw Problem(description: "signal has no topic, and stands alone")
        }
        self.pattern = try TopicPattern(pattern)
    }

    private static func kinds(_ text: String) throws(Problem) -> UInt8 {
        guard text != "all" else {
            return Action.Kind.allCases.reduce(0) { $0 | $1.bit } & ~Action.Kind.signal.bit
        }
        var kinds: UInt8 = 0
        for word in text.split(separator: "+", omittingEmptySubsequences: false) {
            guard let kind = Action.Kind(rawValue: String(word)) else {
                let known = Action.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(description: "an action is one of \(known), or all")
            }
            kinds |= kind.bit
        }
        return kinds
    }

    public func allows(_ action: Action, to principal: Principal) -> Bool {
        guard self.kinds & action.kind.bit != 0 else { return false }
        guard let pattern = self.pattern, let topic = action.topic else { return action.topic == nil }
        return pattern.matches(topic, for: principal)
    }
}

extension Action.Kind {
    fileprivate var bit: UInt8 {
        switch self {
        case .subscribe: 1
        case .publish: 2
        case .presence: 4
        case .history: 8
        case .signal: 16
        }
    }
}

/// Something that is allowed to some: `role:admin all **`.
public struct PermissionRule: Hashable, Sendable {
    public typealias Problem = TopicPattern.Problem

    /// Whom a rule is for.
    public enum Holder: Hashable, Sendable {
        /// Everybody, anonymous clients too.
        case anyone
        /// Everybody who has shown a token.
        case users
        case role(String)
        case user(String)

        /// - Parameter text: `anyone`, `users`, `role:NAME` or `user:ID`.
        public init(_ text: String) throws(Problem) {
            switch text {
            case "anyone": self = .anyone
            case "users": self = .users
            default:
                let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.count == 2, let kind = parts.first, let name = parts.last else { throw Self.problem }
                switch kind {
                case "role": self = .role(name)
                case "user": self = .user(name)
                default: throw Self.problem
                }
            }
        }

        private static var problem: Problem {
            Problem(description: "a rule is for anyone, users, role:NAME or user:ID")
        }

        public var text: String {
            switch self {
            case .anyone: "anyone"
            case .users: "users"
            case .role(let role): "role:\(role)"
            case .user(let id): "user:\(id)"
            }
        }

        func means(_ principal: Principal) -> Bool {
            switch self {
            case .anyone: true
            case .users: !principal.isAnonymous
            case .role(let role): principal.roles.contains { $0.utf8.elementsEqual(role.utf8) }
            case .user(let id): principal.id.map { $0.utf8.elementsEqual(id.utf8) } ?? false
            }
        }
    }

    public let holder: Holder
    public let grant: Grant
    public let text: String

    public init(_ text: String) throws(Problem) {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, let who = words.first, let what = words.last else {
            throw Problem(description: "a rule is WHO ACTIONS PATTERN, as in: role:editor subscribe+publish news/**")
        }
        self.holder = try Holder(who)
        self.grant = try Grant(what)
        self.text = text
    }

    public func allows(_ action: Action, to principal: Principal) -> Bool {
        self.holder.means(principal) && self.grant.allows(action, to: principal)
    }
}
