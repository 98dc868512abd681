// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct LateAttachmentTests {
    @Test func `attachments that do not come in time end the session, whenever its next ping is due`() async throws {
        var configuration = SocketIOServer.Configuration()
        configuration.packets.completionTime = .milliseconds(100)
        try await MountedServer.with(SocketIOServer(configuration: configuration)) { server in
            let client = try await PollingClient(server)
            try await client.join()
            try await client.post(#"451-["upload",{"_placeholder":true,"num":0}]"#)
            // The first packet that comes is the close, and not the ping of an engine that has not looked before.
            #expect(try await client.poll() == "1")
        }
    }
}
