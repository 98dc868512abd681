// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The types of Foundation that do not go by their own `Codable`, which would write bytes as numbers, dates as
/// seconds since 2001 and URLs as objects.
extension JSON {
    static func isFoundationScalar(_ type: Any.Type) -> Bool {
        type == Data.self || type == Date.self || type == URL.self
    }

    /// The value as `Data`, `Date` or `URL`; `nil` for any other type.
    func foundation<T>(_ type: T.Type) throws(Mismatch) -> T? {
        if type == Data.self { return Data(try self.asBinary().readableBytesView) as? T }
        if type == Date.self { return try self.asDate() as? T }
        if type == URL.self { return try self.asURL() as? T }
        return nil
    }

    /// A date as `JSON.stringify` writes it, or a number of milliseconds since 1970.
    private func asDate() throws(Mismatch) -> Date {
        if let milliseconds = self.double {
            // Foundation traps when it describes a date that is very far away.
            guard milliseconds.magnitude <= Double(Timestamp.limit) else {
                throw Mismatch(expected: "a date", found: "a number beyond all dates")
            }
            return Date(timeIntervalSince1970: milliseconds / 1000)
        }
        guard case .string(let text) = self else { throw Mismatch(expected: "a date", found: self) }
        guard let timestamp = Timestamp(text) else {
            throw Mismatch(expected: "a date such as 2026-01-31T12:00:00.000Z", found: "another string")
        }
        return Date(timeIntervalSince1970: Double(timestamp.milliseconds) / 1000)
    }

    private func asURL() throws(Mismatch) -> URL {
        guard let url = URL(string: try self.asString()) else {
            throw Mismatch(expected: "a URL", found: "another string")
        }
        return url
    }

    /// `Data` as binary, a `Date` and a `URL` as text; `nil` for any other type.
    static func foundation<T>(_ value: T) throws(Unwritable) -> JSON? {
        if T.self == Data.self { return (value as? Data).map { .binary(ByteBuffer(bytes: $0)) } }
        if T.self == URL.self { return (value as? URL).map { .string($0.absoluteString) } }
        guard let date = value as? Date else { return nil }
        // A date counts from 2001 in seconds: the milliseconds that it was made of come back by rounding.
        guard let milliseconds = Int64(exactly: (date.timeIntervalSince1970 * 1000).rounded()),
            let timestamp = Timestamp(milliseconds: milliseconds)
        else { throw Unwritable(reason: "a date beyond all dates", shown: date.timeIntervalSince1970) }
        return .string(timestamp.text)
    }
}
