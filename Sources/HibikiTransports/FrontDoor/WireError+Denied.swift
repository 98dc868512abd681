// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
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
        self.init(.permissionDenied, what + "; without --production anybody may use topics under public/")
    }
}
