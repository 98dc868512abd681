// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@Suite struct `A request that ends connections` {
    @Test(
        arguments: [
            ("", nil, nil), ("{}", nil, nil), (#"{"code":4100}"#, 4100, nil), (#"{"reason":"é","x":[]}"#, nil, "é"),
            (#" {"reason":"a","code":-1} "#, -1, "a"), (#"{"code":4.1e3}"#, 4100, nil),
        ] as [(String, Int?, String?)])
    func `may say a code and a reason, or nothing`(_ body: String, _ code: Int?, _ reason: String?) throws {
        let request = try DisconnectRequest.parse(ByteBuffer(text: body))
        #expect(request == DisconnectRequest(code: code, reason: reason))
    }

    @Test(arguments: [
        "{", "[]", "4100", #"{"code":"4100"}"#, #"{"code":1.5}"#, #"{"code":1e300}"#, #"{"code":null}"#,
        #"{"reason":1}"#,
        #"{"code":1,"code":1}"#, #"{"code":99999999999999999999}"#, "{} {}",
    ])
    func `is refused if it is something else`(_ body: String) {
        let error = #expect(throws: WireError.self) { try DisconnectRequest.parse(ByteBuffer(text: body)) }
        #expect(error?.code == .invalidMessage)
    }

    @Test func `is refused if it is not UTF-8`() {
        #expect(throws: WireError.self) { try DisconnectRequest.parse(ByteBuffer(bytes: [0x7B, 0xFF, 0x7D])) }
    }
}
