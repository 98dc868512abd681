// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiTransports

@Suite struct `The Date of a response` {
    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (68_169_600, "Tue, 29 Feb 1972 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String)])
    func `is written as RFC 9110 wants it`(_ second: Int64, _ text: String) {
        #expect(HTTPDate.format(second) == text)
    }

    @Test func `is made again when the second changes`() {
        var date = HTTPDate()
        #expect(date.text(at: Timestamp(milliseconds: 784_111_777_000)).hasSuffix("08:49:37 GMT"))
        #expect(date.text(at: Timestamp(milliseconds: 784_111_777_999)).hasSuffix("08:49:37 GMT"))
        #expect(date.text(at: Timestamp(milliseconds: 784_111_778_000)).hasSuffix("08:49:38 GMT"))
    }
}
