// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiMessaging
import HibikiSocketIO
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A room that an application bridges to a topic` {
    private static let topic = "public/rooms/lobby"

    private static func chat() -> SocketIOServer {
        let io = SocketIOServer()
        let chat = io.of("/chat")
        chat.bridge { room in try? Topic("public/rooms/\(room)") }
        chat.onConnection { socket in
            socket.join("lobby")
            let namespace = socket.namespace
            socket.on("say") { (text: String) in namespace.to("lobby").emit("said", ["text": text]) }
            socket.on("whisper") { (text: String) in namespace.to("lobby").emit("whispered", text, 1) }
        }
        return io
    }

    private static func publish(_ event: String, _ payload: String, to topic: String = topic) -> String {
        #"{"topic":"\#(topic)","event":"\#(event)","payload":\#(payload)}"#
    }

    @Test(arguments: [Transport.webSocket, .serverSentEvents, .longPolling])
    func `is heard over every other transport, once and in order`(_ transport: Transport) async throws {
        try await RunningServer.with(socketIO: Self.chat()) { server in
            let (ann, bob) = (try await SocketTalker(server, "/chat"), try await SocketTalker(server, "/chat"))
            try await ann.send(#"42/chat,["say","one"]"#)
            for client in [ann, bob] { try await client.expect(#"42/chat,["said",{"text":"one"}]"#) }
            let reader = try TopicReader(server, Self.topic, via: transport)
            #expect(try await reader.next(1) == [#"said {"text":"one"}"#])
            // Now it is there, and hears what happens.
            async let heard = reader.next(3)
            try await bob.send(#"42/chat,["whisper","in the room alone"]"#, #"42/chat,["say","two"]"#)
            for client in [ann, bob] {
                try await client.expect(#"42/chat,["whispered","in the room alone",1]"#)
                try await client.expect(#"42/chat,["said",{"text":"two"}]"#)
            }
            try await ann.send(#"42/chat,["say","three"]"#)
            for client in [ann, bob] { try await client.expect(#"42/chat,["said",{"text":"three"}]"#) }
            _ = try await server.publish(Self.publish("end", "null"))
            #expect(try await heard == [#"said {"text":"two"}"#, #"said {"text":"three"}"#, "end null"])
        }
    }

    @Test func `hears what is published over HTTP and over WebSocket, once and in order`() async throws {
        try await RunningServer.with(socketIO: Self.chat()) { server in
            let (ann, bob) = (try await SocketTalker(server, "/chat"), try await SocketTalker(server, "/chat"))
            let native = try await WebSocketClient.connect(to: HibikiURL("ws://127.0.0.1:\(server.port)/ws"))
            for number in 1...3 {
                let posted = try await server.publish(Self.publish("posted", #"{"n": \#(number)}"#))
                #expect(posted.status == 200)
                for client in [ann, bob] { try await client.expect(#"42/chat,["posted",{"n": \#(number)}]"#) }
                let fields = Self.publish("sent", "\(number)").dropFirst()
                try await native.send(text: #"{"type":"publish","# + fields)
                for client in [ann, bob] { try await client.expect(#"42/chat,["sent",\#(number)]"#) }
            }
            // This comes next, and nothing a second time.
            try await ann.send(#"42/chat,["say","last"]"#)
            for client in [ann, bob] { try await client.expect(#"42/chat,["said",{"text":"last"}]"#) }
            _ = try await native.close()
        }
    }

    @Test func `takes nothing from a topic that is not its own`() async throws {
        try await RunningServer.with(socketIO: Self.chat()) { server in
            let ann = try await SocketTalker(server, "/chat")
            for topic in ["public/rooms/lobby2", "public/rooms", "public/lobby"] {
                let answer = try await server.publish(Self.publish("foreign", "1", to: topic))
                #expect(answer.status == 200)
            }
            _ = try await server.publish(Self.publish("own", "1"))
            try await ann.expect(#"42/chat,["own",1]"#)
        }
    }
}
