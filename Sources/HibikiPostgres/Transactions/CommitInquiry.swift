// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSQL

/// Asks the server what became of a transaction whose connection was lost during the commit.
///
/// The server knows it after a crash as well. It may then give the number of a transaction that never reached the disk
/// to another one, so `undone` is certain, and `committed` nearly so. Behind an address that moves to a standby which does
/// not have everything, the answer is that of the standby.
struct CommitInquiry {
    enum Outcome: Equatable {
        case committed, undone, unknown
    }

    private static let pause: Duration = .milliseconds(20)

    let pool: PostgresPool
    let timeLimit: Duration

    func outcome(of doubt: PostgresFailure.Doubt) async -> Outcome {
        guard case .transaction(let number) = doubt else { return .unknown }
        let deadline = ContinuousClock.now + self.timeLimit
        let question = SQLStatement("SELECT txid_status($1) AS status", [.integer(number)])
        repeat {
            guard let connection = try? await self.pool.lease().connection else { return .unknown }
            let answer: Result<[SQLRows], PostgresFailure>
            do { answer = .success(try await connection.run([question])) } catch { answer = .failure(error) }
            self.pool.release(connection)
            if let outcome = self.read(answer) { return outcome }
            try? await Task.sleep(for: Self.pause)
        } while ContinuousClock.now < deadline && !Task.isCancelled
        return .unknown
    }

    /// `nil` when it is worth asking again: the connection was lost, or the server has not noticed yet that the old one is.
    private func read(_ answer: Result<[SQLRows], PostgresFailure>) -> Outcome? {
        switch answer {
        case .success(let rows):
            let status: String? = try? rows.first?.first?["status"]
            switch status {
            case "committed": return .committed
            case "aborted": return .undone
            case "in progress": return nil
            default: return .unknown
            }
        // "Invalid parameter value": the number is one that was not given yet, so it did not reach the disk.
        case .failure(let failure) where failure.kind == .server("22023"): return .undone
        case .failure(let failure): return failure.endsConnection ? nil : .unknown
        }
    }
}
