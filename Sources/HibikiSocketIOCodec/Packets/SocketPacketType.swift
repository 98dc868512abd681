// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The digit that a packet begins with.
enum SocketPacketType: UInt8 {
    case connect = 0x30
    case disconnect, event, ack, connectError, binaryEvent, binaryAck

    var hasAttachments: Bool { self == .binaryEvent || self == .binaryAck }

    var mayHaveID: Bool {
        switch self {
        case .event, .ack, .binaryEvent, .binaryAck: true
        case .connect, .disconnect, .connectError: false
        }
    }
}
