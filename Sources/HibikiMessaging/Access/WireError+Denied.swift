// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWire

extension WireError {
    /// Says what would have been allowed.
    package init(denied action: Action) {
        let what =
            switch action {
            case .subscribe(let topic): "you may not read \(topic)"
            case .publish(let topic): "you may not publish to \(topic)"
            case .signal: "you may not send messages to other connections"
            }
        let help = "anonymous clients may use topics under public/ on a server without --production, and nothing else"
        self.init(.permissionDenied, "\(what); \(help)")
    }
}
