// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

extension Connection {
    /// Cuts the connection. What the peer has not taken yet is lost.
    package func close() {
        self.life.ends(by: .server)
        self.handOver()
        self.forgetSocket()
        self.flags.insert(.closing)
        self.context?.close(promise: nil)
    }

    /// Ends the connection, whose peer has said that it sends nothing more.
    package func closeAfterFlush() {
        self.flushNow()
        if self.waitingBytes == 0, self.stream == nil {
            self.close()
        } else {
            self.closeGracefully()
        }
    }

    /// Ends the connection after everything has been sent: closes our side, and waits a little for the peer to do the same,
    /// because a close with unread input would reset the connection and destroy the last answer on its way.
    package func closeGracefully() {
        guard !(self.role is ClosingRole), !self.isClosing else { return }
        self.life.ends(by: .server)
        self.become(ClosingRole())
        self.flushNow()
        if !self.flags.contains(.inputEnded) || self.stream != nil {
            self.context?.close(mode: .output, promise: nil)
        } else if self.waitingBytes == 0 {
            self.close()
        }
        self.setDeadline(after: ClosingRole.patience)
    }

    /// Answers with an error and ends the connection: what comes after it can not be trusted, or is not wanted.
    func refuse(_ error: WireError, status: Int, fields: [(name: String, value: String)] = []) {
        let body = ErrorBody.make(error)
        let head = ResponseHead(
            status: status, fields: [(name: "Content-Type", value: "application/json")], extraFields: fields,
            framing: .length(body.readableBytes), persistence: .close
        )
        self.write(head, body: body)
        self.closeGracefully()
    }
}
