// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension TextOperation {
    public init(_ value: OTValue, limits: OTLimits = .standard) throws(OTError) {
        guard case .array(let parts) = value else { throw .invalidOperation("a text operation is an array") }
        guard parts.count <= limits.components else {
            throw .limitExceeded("the number of components", limits.components)
        }
        for (index, part) in parts.enumerated() {
            if case .string(let text) = part {
                try self.insert(text)
            } else if let count = part.integer, count != 0 {
                try count > 0 ? self.retain(count) : self.delete(-count)
            } else {
                throw .invalidOperation("component \(index) is neither a string nor a whole number other than zero")
            }
        }
    }

    public var value: OTValue {
        .array(
            self.components.map { component in
                switch component {
                case .retain(let count): OTValue(count)
                case .insert(let text): .string(text)
                case .delete(let count): OTValue(-count)
                }
            })
    }
}

extension TextOperation: CustomStringConvertible {
    /// Its JSON.
    public var description: String { String(decoding: self.json, as: UTF8.self) }
}
