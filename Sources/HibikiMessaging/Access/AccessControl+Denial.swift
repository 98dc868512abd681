// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

extension AccessControl {
    /// Says what is not allowed, and what would help.
    func denial(of action: Action, to principal: Principal) -> WireError {
        guard !principal.isAnonymous || !self.requiresToken else { return AuthenticationFailure.required.wireError }
        let what =
            switch action {
            case .subscribe(let topic): "you may not read \(topic)"
            case .publish(let topic): "you may not publish to \(topic)"
            case .signal: "you may not send messages to other connections"
            }
        let help =
            principal.isAnonymous
            ? "anonymous clients may use topics under public/ on a server without --production, and nothing else"
            : "neither the rules of the server nor your token allow it"
        return WireError(.permissionDenied, "\(what); \(help)")
    }
}
