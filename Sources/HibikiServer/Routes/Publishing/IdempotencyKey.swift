// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiWire

/// The field `Idempotency-Key`: the `id` of every publication of a request that has none of its own.
///
/// Two publications of an array may go to the same topic, and are not the same; so in an array the one at index 3 has the id
/// `KEY#3`. The quotes that a structured field has (RFC 8941 §3.3.3) may be left out, as most clients do.
struct IdempotencyKey {
    static let field = "Idempotency-Key"

    let text: String

    /// `nil` if there is no such field.
    init?(_ headers: HTTPFields) throws(WireError) {
        guard let name = HTTPField.Name(Self.field) else { return nil }
        let values = headers[values: name]
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw WireError(.invalidMessage, "\(Self.field) is given twice") }
        let isQuoted = value.utf8.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
        self.text = isQuoted ? String(value.dropFirst().dropLast()) : value
        guard RequestID.lengths.contains(self.text.utf8.count) else {
            let lengths = RequestID.lengths
            throw WireError(
                .invalidMessage, "\(Self.field): expected \(lengths.lowerBound) to \(lengths.upperBound) bytes")
        }
    }

    /// The id of the publication at an index of an array.
    func id(at index: Int) -> String { "\(self.text)#\(index)" }
}
