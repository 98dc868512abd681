// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWire

/// An error as a person at a terminal wants to read it: what happened, and what to do next.
struct Advice: Error, CustomStringConvertible {
    let description: String

    init(_ error: HibikiClientError, _ url: HibikiURL) {
        guard let next = Self.next(error, url) else {
            self.description = error.message
            return
        }
        self.description = "\(error.message)\n\(next)"
    }

    /// What keeps a measurement from being one of the server.
    static func budgets(_ refusal: String) -> String {
        "The server limits what clients send (\(refusal)): for a measurement, start it with --no-budgets."
    }

    private static func next(_ error: HibikiClientError, _ url: HibikiURL) -> String? {
        switch error.serverCode {
        case .permissionDenied? where error.message.contains("public/"):
            return nil
        case .permissionDenied?:
            return """
                Without --production a server lets anybody read and write topics that begin with "public/", such as \
                public/news, and nothing else; with --production, nothing.
                """
        case .invalidTopic?:
            return "A topic is a name of 1 to 255 bytes without control characters that does not begin with \"$\"."
        case .tooLarge?:
            return "Send less at once."
        case .rateLimited?:
            return "For more, raise that budget of the server; for a measurement, start it with --no-budgets."
        default:
            break
        }
        switch error.code {
        case .cannotConnect:
            return """
                Is the server running? Start one with: hibiki serve --port \(url.port)
                If it is elsewhere, say so with --url http://HOST:PORT or in HIBIKI_URL.
                """
        case .untrusted:
            return """
                If its certificate is of an authority of your own, or nobody else has signed it, say so with \
                --ca-file FILE or in HIBIKI_CA_FILE.
                """
        case .handshakeFailed, .invalidAnswer, .redirected:
            return "Is \(url) a Hibiki server? Ask it: curl -i \(url)/health"
        case .timedOut:
            return "The server is busy, or something between here and there swallows the traffic. Try again later."
        default:
            return error.mayRetry ? "The same may work later." : nil
        }
    }
}

/// Runs `body` and turns what a client throws into advice.
func advised<Result>(_ url: HibikiURL, _ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let error as HibikiClientError {
        throw Advice(error, url)
    }
}
