// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The name of an event with the types of its arguments and of its answer, declared once for everybody who sends or
/// handles it.
///
/// ```swift
/// enum Game {
///     static let move = SocketEvent("move", Double.self, Double.self)
///     static let order = SocketEvent("order", Order.self, answer: Receipt.self)
/// }
/// socket.on(Game.move) { x, y in … }
/// socket.on(Game.order) { order in try await orders.place(order) }
/// socket.emit(Game.move, 1, 2)
/// ```
public struct SocketEvent<Answer: Sendable, each Argument: Sendable>: Sendable {
    public let name: String
}

extension SocketEvent where Answer == Void {
    /// An event without an answer.
    public init(_ name: String, _ arguments: repeat (each Argument).Type) {
        self.name = name
    }
}

extension SocketEvent {
    /// An event that is answered by an ack with one argument.
    public init(_ name: String, _ arguments: repeat (each Argument).Type, answer: Answer.Type) {
        self.name = name
    }
}
