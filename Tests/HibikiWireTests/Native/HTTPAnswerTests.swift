// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct HTTPAnswerTests {
    @Test(arguments: [0, 1, 3], [false, true])
    func `the answer to a poll is written as the protocol has it, and read back`(_ count: Int, _ gap: Bool) throws {
        let event = ServerMessageTests.event
        let text = ByteBuffer.written {
            $0.writePollAnswerBegin()
            for index in 0..<count { $0.writeListedEvent(event, isFirst: index == 0) }
            $0.writePollAnswerEnd(lastEventID: "e-17", gap: gap)
        }
        let events = Array(repeating: ServerMessageTests.bareEvent, count: count).joined(separator: ",")
        #expect(text == #"{"events":[\#(events)],"lastEventId":"e-17"\#(gap ? #","gap":true"# : "")}"#)
        let answer = PollAnswer(events: Array(repeating: event, count: count), lastEventID: "e-17", gap: gap)
        #expect(try PollAnswer(parsing: ByteBuffer(text: text)) == answer)
    }

    @Test(arguments: [
        (#"{"lastEventId":"e-17"}"#, "events: missing at byte 21"),
        (#"{"events":[]}"#, "lastEventId: missing at byte 12"),
        (#"{"events":{},"lastEventId":"e-17"}"#, "expected an array at byte 10"),
        (#"{"events":[{}],"lastEventId":"e-17"}"#, "topic: missing at byte 12"),
    ])
    func `a poll that errs is not believed`(_ text: String, _ message: String) {
        let error = #expect(throws: WireError.self) { try PollAnswer(parsing: ByteBuffer(text: text)) }
        #expect(error?.message == message)
    }

    @Test func `a publication is answered by its position`() throws {
        let answers = [PublishAnswer(position: "e-1"), PublishAnswer(position: "e-2", duplicate: true)]
        let texts = answers.map { answer in ByteBuffer.written { $0.writePublishAnswer(answer) } }
        #expect(texts == [#"{"position":"e-1"}"#, #"{"position":"e-2","duplicate":true}"#])
        #expect(try texts.map { try PublishAnswer(parsing: ByteBuffer(text: $0)) } == answers)
    }

    @Test(arguments: [0, 1, 2])
    func `an array of publications is answered by an array`(_ count: Int) throws {
        let answers = (0..<count).map { PublishAnswer(position: "e-\($0)", duplicate: $0 == 1) }
        let text = ByteBuffer.written { $0.writePublishAnswers(answers) }
        #expect(try PublishAnswer.list(parsing: ByteBuffer(text: text)) == answers)
    }

    @Test func `a refusal has its code, its words and whether to come back`() throws {
        let text = ByteBuffer.written { $0.writeErrorBody(WireError(.shuttingDown, "soon \"back\"", id: .number(1))) }
        #expect(text == #"{"error":{"code":"shutting_down","message":"soon \"back\"","retry":true}}"#)
        #expect(
            try ErrorAnswer(parsing: ByteBuffer(text: text))
                == ErrorAnswer(error: WireError(.shuttingDown, "soon \"back\""), retry: true))
    }

    @Test(arguments: [
        (WireErrorCode.invalidMessage, "invalid_message", 400, false), (.invalidTopic, "invalid_topic", 400, false),
        (.unknownType, "unknown_type", 400, false), (.permissionDenied, "permission_denied", 403, false),
        (.originNotAllowed, "origin_not_allowed", 403, false), (.notFound, "not_found", 404, false),
        (.methodNotAllowed, "method_not_allowed", 405, false), (.tooLarge, "too_large", 413, false),
        (.limitExceeded, "limit_exceeded", 429, false), (.overloaded, "overloaded", 503, true),
        (.shuttingDown, "shutting_down", 503, true),
    ])
    func `a code has its name, its status and its advice`(
        _ code: WireErrorCode, _ name: String, _ status: Int, _ mayRetry: Bool
    ) {
        #expect(code.rawValue == name)
        #expect(code.httpStatus == status)
        #expect(code.mayRetry == mayRetry)
    }

    @Test func `the events that a stream adds have their data`() {
        #expect(ByteBuffer.written { $0.writeConnectedData(clientID: "Yk3") } == #"{"clientId":"Yk3"}"#)
        #expect(
            ByteBuffer.written { $0.writeGapData(topics: ["public/news", "b"]) } == #"{"topics":["public/news","b"]}"#)
        let payload = ByteBuffer(string: "1")
        #expect(
            ByteBuffer.written { $0.writeDirect(from: "a", payload: payload, timestamp: 2, type: false) }
                == #"{"from":"a","payload":1,"timestamp":2}"#)
        #expect(
            ByteBuffer.written { $0.writeShutdown(message: "m", reconnectDelay: 3, type: false) }
                == #"{"message":"m","reconnectDelay":3}"#)
        #expect(
            ByteBuffer.written { $0.writeEventMessage(ServerMessageTests.event, type: false) }
                == ServerMessageTests.bareEvent)
    }
}
