// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
package import NIOPosix

extension NIOThreadPool {
    /// Does something that waits for the disk. It is done also for a task that was cancelled: what has come is stored, whoever has gone.
    package func work<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            self.submit { state in
                switch state {
                case .active: continuation.resume(with: Swift.Result { try body() })
                case .cancelled: continuation.resume(throwing: ChannelError.ioOnClosedChannel)
                }
            }
        }
    }
}
