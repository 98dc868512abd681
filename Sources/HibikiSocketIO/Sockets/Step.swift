// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One closure of the application among those that are called for the same thing.
struct Step<Input: Sendable>: Sendable {
    enum Body: Sendable {
        /// Called in place.
        case immediate(@Sendable (Input) throws -> Void)
        /// Called in a task, which costs no switch of threads as long as the closure does not suspend.
        case suspending(@Sendable (Input) async throws -> Void)
    }

    let id: HandlerID
    let body: Body
    var isOnce = false

    var immediateBody: (@Sendable (Input) throws -> Void)? {
        if case .immediate(let body) = self.body { body } else { nil }
    }
}

/// Names a handler, to take it away again.
public struct HandlerID: Hashable, Sendable {
    let number: UInt64
}

/// Something that closures of the application are called with, in phases: what comes next may depend on how the last
/// went.
protocol StepInput: Sendable {
    /// The closures of a phase, counted from 0, or `nil` if there is no such phase.
    func steps(in phase: Int, of socket: Socket) -> [Step<Self>]?

    /// - Returns: whether the rest is called all the same.
    func failed(with error: any Error, in phase: Int, of socket: Socket) -> Bool
}

/// Calls the closures for one input, one after the other.
struct StepRun<Input: StepInput>: Sendable {
    private let input: Input
    private var phase = -1
    private var steps: ArraySlice<Step<Input>> = []
    private var waiting: Step<Input>?

    init(_ input: Input) {
        self.input = input
    }

    /// - Returns: `false` as soon as a closure is next that may suspend.
    mutating func runInPlace(for socket: Socket) -> Bool {
        while let step = self.next(for: socket) {
            switch step.body {
            case .suspending:
                self.waiting = step
                return false
            case .immediate(let body):
                do {
                    try body(self.input)
                } catch {
                    self.failed(with: error, of: socket)
                }
            }
        }
        return true
    }

    mutating func run(for socket: Socket) async {
        while let step = self.waiting.take() ?? self.next(for: socket) {
            do {
                switch step.body {
                case .immediate(let body): try body(self.input)
                case .suspending(let body): try await body(self.input)
                }
            } catch {
                self.failed(with: error, of: socket)
            }
        }
    }

    private mutating func next(for socket: Socket) -> Step<Input>? {
        while true {
            if let step = self.steps.popFirst() { return step }
            guard let steps = self.input.steps(in: self.phase + 1, of: socket) else { return nil }
            self.phase += 1
            self.steps = steps[...]
        }
    }

    private mutating func failed(with error: any Error, of socket: Socket) {
        guard !self.input.failed(with: error, in: self.phase, of: socket) else { return }
        self.phase = .max - 1
        self.steps = []
    }
}
