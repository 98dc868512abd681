// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWire

extension AccessControl {
    /// Says what is not allowed, and what would help.
    package func denial(of action: Action, to principal: Principal) -> WireError {
        guard !principal.isAnonymous || !self.requiresToken else { return AuthenticationFailure.required.wireError }
        let what =
            switch action {
            case .subscribe(let topic): "you may not read \(topic)"
            case .publish(let topic): "you may not publish to \(topic)"
            case .presence(let topic): "you may not see who follows \(topic)"
            case .history(let topic): "you may not read the history of \(topic)"
            case .signal: "you may not send messages to other connections"
            }
        guard self.owner(of: action) == nil else {
            return WireError(.permissionDenied, "\(what); it belongs to a part of the server, which says who may")
        }
        return WireError(.permissionDenied, "\(what); \(Self.help(principal))")
    }

    private static func help(_ principal: Principal) -> String {
        if principal.key != nil { return "the API key is not for it; hibiki key makes one that is" }
        return principal.isAnonymous
            ? "no rule of the server allows it to clients without a token; see --permission"
            : "neither a rule of the server nor your token allows it; see --permission"
    }
}
