// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Crypto
import CryptoExtras
import HibikiMessaging

/// The password of the dashboard, as it is kept: what scrypt (RFC 7914) makes of it, never the password.
///
/// ```
/// $scrypt$ln=15,r=8,p=3$<salt>$<key>
/// ```
///
/// scrypt, because of what swift-crypto offers it is the one that costs memory too, so that whoever finds the file gains little from
/// hardware that guesses in parallel. A check takes 32 MiB and some tenths of a second.
public struct AdminPassword: Hashable, Sendable, CustomStringConvertible {
    /// Bytes of a password.
    public static let lengths = 12...1_024
    /// No line is longer.
    private static let mostBytes = 512
    private static let saltBytes = 16
    private static let keyBytes = 32
    private static let standard = Cost(log2Rounds: 15, blockSize: 8, parallelism: 3)

    /// What is wrong with a password or with what is kept of one, in words that do not quote it.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    private struct Cost: Hashable {
        var log2Rounds: Int
        var blockSize: Int
        var parallelism: Int

        /// Up to 256 MiB, and not less than would be worth the trouble.
        var isReasonable: Bool {
            (10...18).contains(self.log2Rounds) && (1...16).contains(self.blockSize)
                && (1...16).contains(self.parallelism)
                && (1 << self.log2Rounds) * self.blockSize * 128 <= 256 << 20
        }
    }

    private let cost: Cost
    private let salt: [UInt8]
    private let key: [UInt8]

    /// Makes what is kept of a password. Takes some tenths of a second.
    public init(hashing password: String) throws(Problem) {
        guard Self.lengths.contains(password.utf8.count) else {
            throw Problem(
                description: "a password has \(Self.lengths.lowerBound) to \(Self.lengths.upperBound) bytes")
        }
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<Self.saltBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
        guard let key = Self.derive(password, salt, Self.standard) else {
            throw Problem(description: "there is not enough memory to hash a password")
        }
        self.cost = Self.standard
        self.salt = salt
        self.key = key
    }

    /// Reads what ``description`` gives.
    public init(_ text: String) throws(Problem) {
        guard text.utf8.count <= Self.mostBytes, let parsed = Self.parse(text) else {
            throw Problem(description: "this is not what `hibiki admin-password` writes")
        }
        (self.cost, self.salt, self.key) = parsed
    }

    public var description: String {
        let cost = "ln=\(self.cost.log2Rounds),r=\(self.cost.blockSize),p=\(self.cost.parallelism)"
        return "$scrypt$\(cost)$\(Base64URL.encode(self.salt))$\(Base64URL.encode(self.key))"
    }

    /// The password that a file holds in this form.
    public static func read(file path: String) throws(SecretFile.Problem) -> AdminPassword {
        let text = String(decoding: try SecretFile.read(path), as: UTF8.self)
        do throws(Problem) {
            return try AdminPassword(text)
        } catch {
            throw SecretFile.Problem(path: path, error.description)
        }
    }

    /// Whether it is this one. Takes as long for any other, and not on an event loop.
    func matches(_ password: String) -> Bool {
        guard Self.lengths.contains(password.utf8.count), let key = Self.derive(password, self.salt, self.cost) else {
            return false
        }
        return key.count == self.key.count && zip(key, self.key).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: Self.keyBytes, rounds: 1 << cost.log2Rounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism, maxMemory: 512 << 20)
        return key?.withUnsafeBytes { Array($0) }
    }

    private static func parse(_ text: String) -> (Cost, [UInt8], [UInt8])? {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let numbers = parts[2].split(separator: ",", omittingEmptySubsequences: false)
        guard numbers.count == 3, let rounds = Self.number(numbers[0], "ln="),
            let size = Self.number(numbers[1], "r="), let parallelism = Self.number(numbers[2], "p=")
        else { return nil }
        let cost = Cost(log2Rounds: rounds, blockSize: size, parallelism: parallelism)
        guard cost.isReasonable, let salt = Base64URL.decode(parts[3].utf8), let key = Base64URL.decode(parts[4].utf8),
            salt.count >= Self.saltBytes, key.count == Self.keyBytes
        else { return nil }
        return (cost, salt, key)
    }

    private static func number(_ text: Substring, _ name: String) -> Int? {
        guard text.hasPrefix(name), text.utf8.count <= name.utf8.count + 3 else { return nil }
        return Int(text.dropFirst(name.count))
    }
}
