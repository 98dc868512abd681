// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
public import Testing

/// What every store of the chat is held to, clause by clause.
///
/// ```swift
/// @Test(arguments: ChatStoreContract.clauses)
/// func `keeps the contract`(_ clause: ChatStoreContract.Clause) async throws {
///     try await clause.check(on: try await freshStore())
/// }
/// ```
public enum ChatStoreContract {
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What must be so, as a sentence about the store.
        public let sentence: String
        private let body: @Sendable (ChatHarness) async throws -> Void

        init(_ sentence: String, _ body: @escaping @Sendable (ChatHarness) async throws -> Void) {
            self.sentence = sentence
            self.body = body
        }

        public var testDescription: String { self.sentence }

        /// Records an issue for whatever is not so.
        ///
        /// - Parameter store: one without any room.
        public func check(on store: any ChatStore) async throws {
            try await ChatHarness(store).run { try await self.body($0) }
        }
    }

    public static let clauses =
        Self.sending + Self.changing + Self.reporting + Self.reading + Self.catchingUp + Self.members + Self.counting
        + Self.finding
        + Self.forgetting + Self.together + Self.twoServers
}
