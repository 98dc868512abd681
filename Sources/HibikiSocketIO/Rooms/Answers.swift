// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Collects one answer of each event loop, in whatever order they come.
final class Answers<Answer: Sendable>: Sendable {
    private let state: Mutex<(missing: Int, answers: [Answer])>
    private let completion: @Sendable ([Answer]) -> Void

    init(expected: Int, completion: @escaping @Sendable ([Answer]) -> Void) {
        self.state = Mutex((expected, []))
        self.completion = completion
    }

    /// - Parameter answer: `nil` of a loop that has none.
    func add(_ answer: Answer?) {
        let all = self.state.withLock { state -> [Answer]? in
            state.missing -= 1
            if let answer { state.answers.append(answer) }
            return state.missing == 0 ? state.answers : nil
        }
        if let all {
            self.completion(all)
        }
    }
}
