// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The socket below a channel, to write to it past the channel's queue. Most of what a connection sends is one buffer that the
/// kernel takes at once, and the way through the queue takes longer than all else that a delivery needs.
///
/// To be used on the event loop, while the channel is open and its queue is empty.
struct DirectSocket: Hashable {
    private let descriptor: NIOBSDSocket.Handle

    /// `nil` for a channel that is no socket.
    init?(_ channel: any Channel) {
        let descriptor = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
        guard let descriptor else { return nil }
        self.descriptor = descriptor
    }

    /// - Returns: how many of the bytes the socket has taken. None if something is wrong with it too, which the channel finds out.
    func take(_ bytes: ByteBuffer) -> Int {
        bytes.withUnsafeReadableBytes { bytes in
            max(0, send(self.descriptor, bytes.baseAddress, bytes.count, Self.flags))
        }
    }

    #if canImport(Darwin)
    /// NIO has set SO_NOSIGPIPE.
    private static let flags: CInt = 0
    #else
    private static let flags = CInt(MSG_NOSIGNAL)
    #endif
}
