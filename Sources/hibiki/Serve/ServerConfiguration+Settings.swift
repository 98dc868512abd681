// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSQL
import HibikiServer
import HibikiTransports
import HibikiUploads
import HibikiWebSocketCodec

/// Settings that are not one value of the configuration each.
extension ServerConfiguration {
    var isCompressionEnabled: Bool {
        get { self.transport.webSocket.compression != nil }
        set { self.transport.webSocket.compression = newValue ? self.transport.webSocket.compression ?? .init() : nil }
    }

    var allowsContextTakeover: Bool {
        get { self.transport.webSocket.compression?.allowsContextTakeover ?? false }
        set { self.transport.webSocket.compression?.allowsContextTakeover = newValue }
    }

    mutating func setPermissions(_ texts: [String]) throws {
        self.permissions = try texts.map { text in
            do {
                return try PermissionRule(text)
            } catch {
                throw SettingProblem(problem: "\"\(text)\": \(error)")
            }
        }
    }

    mutating func setKeys(_ texts: [String]) throws {
        self.keys.listed = try texts.map { text in
            do {
                return try APIKey(text)
            } catch {
                // Not the whole text: somebody may have put a key there in the place of its digest.
                throw SettingProblem(problem: "\(error)")
            }
        }
    }

    mutating func setAuthorizationURL(_ text: String) throws {
        self.authorizationURL = try Self.address(text)
    }

    /// Empty, or an address that can be asked.
    static func address(_ text: String) throws -> String {
        guard text.isEmpty || text.hasPrefix("https://") || text.hasPrefix("http://") else {
            throw SettingProblem(problem: "\"\(text)\" is no address that begins with https:// or http://")
        }
        return text
    }

    mutating func setMetrics(_ text: String) throws {
        guard let access = MetricsAccess(rawValue: text) else {
            let names = MetricsAccess.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingProblem(problem: "\"\(text)\" is none of \(names)")
        }
        self.metrics = access
    }
}

extension ProxyConfiguration {
    mutating func setTrusted(_ texts: [String]) throws {
        self.trusted = try texts.map { text in
            do throws(AddressRange.Problem) {
                return try AddressRange(text)
            } catch .unreadable {
                throw SettingProblem(problem: "\"\(text)\" is no address; write 10.0.0.0/8, 192.0.2.1 or 2001:db8::/32")
            } catch .bitsBeyondLength(let range) {
                throw SettingProblem(problem: "\"\(text)\" has bits beyond its length; write \(range)")
            }
        }
    }

    mutating func setField(_ text: String) throws {
        guard let field = Field(rawValue: text) else {
            let names = Field.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingProblem(problem: "\"\(text)\" is none of \(names)")
        }
        self.field = field
    }
}

extension ServerConfiguration {
    mutating func setStore(_ text: String) throws {
        guard let store = StoreConfiguration(text) else {
            throw SettingProblem(problem: "expected sqlite:PATH, postgres://USER@HOST/DATABASE or memory")
        }
        self.store = store
    }

    /// Finds settings that make no sense together.
    func checkTogether() throws {
        if self.certificate.chain.isEmpty != self.certificate.key.isEmpty {
            let missing = self.certificate.key.isEmpty ? "tls-key" : "tls-certificate"
            throw SettingProblem(key: missing, problem: "a certificate and its key belong together")
        }
        let bucket = self.uploads.bucket
        if !bucket.name.isEmpty, bucket.accessKey.isEmpty || bucket.secretFile.isEmpty {
            let missing = bucket.accessKey.isEmpty ? "uploads-s3-access-key" : "uploads-s3-secret-file"
            throw SettingProblem(key: missing, problem: "a bucket wants an access key and a file with its secret")
        }
        if let name = self.keys.repeatedName {
            throw SettingProblem(key: "api-key", problem: "two keys are called \(name)")
        }
        if self.transport.proxies.speaksProxyProtocol, self.transport.proxies.trusted.isEmpty {
            throw SettingProblem(key: "proxy-protocol", problem: "name the proxies that may connect with trusted-proxy")
        }
    }
}

extension UploadsConfiguration {
    mutating func setTypes(_ texts: [String]) throws {
        guard let types = AllowedTypes(texts) else {
            throw SettingProblem(problem: "write media types, as image/png, image/* or *")
        }
        self.limits.types = types
    }
}

extension TokenConfiguration {
    mutating func setKeySetURL(_ text: String) throws {
        self.keySetURL = try ServerConfiguration.address(text)
    }
}

/// An empty text stands for none.
extension TokenRules {
    var audienceText: String {
        get { self.audience ?? "" }
        set { self.audience = newValue.isEmpty ? nil : newValue }
    }

    var issuerText: String {
        get { self.issuer ?? "" }
        set { self.issuer = newValue.isEmpty ? nil : newValue }
    }
}

extension OriginPolicy {
    mutating func setAllowed(_ origins: [String]) throws {
        for origin in origins where origin != "*" {
            let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].hasSuffix(":"), parts[1].isEmpty, !parts[2].isEmpty else {
                throw SettingProblem(
                    problem: "\"\(origin)\" is no origin; write https://app.example.com, without a path")
            }
        }
        self.allowed = Set(origins)
    }
}

extension SlowReaderRules {
    /// Reads rules such as `public/ticker/=latest`.
    mutating func set(_ texts: [String]) throws {
        for text in texts {
            guard let equals = text.lastIndex(of: "="),
                let policy = SlowReaderPolicy(rawValue: String(text[text.index(after: equals)...]))
            else {
                let names = SlowReaderPolicy.allCases.map(\.rawValue).joined(separator: ", ")
                throw SettingProblem(problem: "\"\(text)\" is not PREFIX=POLICY with one of \(names)")
            }
            self.set(policy, forPrefix: String(text[..<equals]))
        }
    }
}

extension BudgetConfiguration {
    mutating func set(_ text: String, for name: BudgetName) throws {
        do throws(Budget.Problem) {
            self[name] = try Budget(text)
        } catch {
            throw SettingProblem(problem: "\"\(text)\": \(error)")
        }
    }

    /// Those whom a token names: everybody else is not known well enough to be trusted.
    mutating func setUnlimited(_ texts: [String]) throws {
        self.unlimited = try texts.map { text in
            switch try? PermissionRule.Holder(text) {
            case .role(let role): .role(role)
            case .user(let id): .user(id)
            case .anyone, .users, nil: throw SettingProblem(problem: "\"\(text)\" is neither role:NAME nor user:ID")
            }
        }
    }
}
