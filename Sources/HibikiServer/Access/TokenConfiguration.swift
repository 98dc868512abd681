// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
public import Logging

/// Where the keys of tokens come from, and what tokens have to say.
public struct TokenConfiguration: Sendable {
    /// A file whose bytes, without the line end, are the secret of HS256 tokens. Empty, the default, for none.
    public var secretFile = ""
    /// Files with a public key in PEM each. Default none.
    public var publicKeyFiles: [String] = []
    /// Where a JSON Web Key Set is published. Empty, the default, for none.
    public var keySetURL = ""
    /// The cookie that may hold a token. Empty, the default, for none.
    public var cookie = ""
    public var rules = TokenRules()

    public init() {}

    public var hasKeys: Bool { !self.secretFile.isEmpty || !self.publicKeyFiles.isEmpty || !self.keySetURL.isEmpty }

    /// What checks tokens as the configuration wants it. Without any key it makes a secret, and keeps it in a folder.
    public func makeAuthenticator(dataFolder: String, logger: Logger) async throws -> JWTAuthenticator {
        var keys: [TokenKey] = []
        for path in self.publicKeyFiles {
            let text = String(decoding: try SecretFile.read(path), as: UTF8.self)
            do {
                keys.append(try await .publicKey(pem: text))
            } catch let problem as TokenKey.Problem {
                throw SecretFile.Problem(path: path, problem.description)
            }
        }
        if !self.secretFile.isEmpty {
            keys.append(try await SecretFile.key(self.secretFile))
        }
        if !self.hasKeys {
            keys.append(try await Self.ownKey(in: dataFolder, logger: logger))
        }
        return JWTAuthenticator(
            keys: keys, keySetURL: self.keySetURL.isEmpty ? nil : self.keySetURL, rules: self.rules, logger: logger)
    }

    /// A folder that cannot be written is no reason not to serve.
    private static func ownKey(in folder: String, logger: Logger) async throws -> TokenKey {
        do {
            let made = try SecretFile.makeUnlessThere(in: folder)
            let words: Logger.Message =
                made.isNew
                ? "no key for tokens is configured: made one; hibiki token makes tokens with it"
                : "no key for tokens is configured: took the one that was made earlier"
            logger.info(words, metadata: ["file": "\(made.path)"])
            return try await SecretFile.key(made.path)
        } catch let problem as SecretFile.Problem {
            logger.warning(
                "no key for tokens is configured, and none can be kept: tokens are refused until one is",
                metadata: ["problem": "\(problem)"])
            return try await .secret(SecretFile.random())
        }
    }
}
