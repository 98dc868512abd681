// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

extension ByteBuffer {
    /// A buffer that does not begin at index 0, as those from the network seldom do.
    init(text: String) {
        self.init(string: "junk" + text)
        self.moveReaderIndex(forwardBy: 4)
    }

    var text: String { String(buffer: self) }

    static func written(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        write(&buffer)
        return buffer.text
    }
}
