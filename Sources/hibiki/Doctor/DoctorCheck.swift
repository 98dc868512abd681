// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One thing that `hibiki doctor` looks at. A store or a broker joins with a value of its own.
protocol DoctorCheck: Sendable {
    /// Its name for programs, which stays as it is.
    var name: String { get }

    /// Looks, and says what it has found. It takes some seconds at most, and changes nothing.
    func examine() async -> [Finding]
}

/// What a check has found out.
struct Finding: Equatable {
    enum Status: String, CaseIterable, Comparable {
        case ok
        /// The server runs, and may not do what is expected of it.
        case warning
        /// The server does not start, or does not serve.
        case failure

        static func < (one: Status, other: Status) -> Bool {
            one != other && (one == .ok || other == .failure)
        }
    }

    let status: Status
    /// What was found. One sentence without the full stop.
    let words: String
    /// What to do about it: one sentence, for all but `ok`.
    let advice: String?

    static func ok(_ words: String) -> Finding { Finding(status: .ok, words: words, advice: nil) }

    static func warning(_ words: String, advice: String) -> Finding {
        Finding(status: .warning, words: words, advice: advice)
    }

    static func failure(_ words: String, advice: String) -> Finding {
        Finding(status: .failure, words: words, advice: advice)
    }
}
