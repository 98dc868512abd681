// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension Delta {
    /// Reads `{"ops": […]}`, or the array alone.
    public init(_ value: OTValue, limits: OTLimits = .standard) throws(OTError) {
        guard case .array(let parts) = value["ops"] ?? value else {
            throw .invalidOperation("a delta is an object with an array under \"ops\"")
        }
        guard parts.count <= limits.components else {
            throw .limitExceeded("the number of components", limits.components)
        }
        for (index, part) in parts.enumerated() { try self.append(try Component(part, index, limits)) }
        self.chop()
    }

    public var value: OTValue { ["ops": .array(self.components.map(\.value))] }
}

extension Delta.Component {
    private static let insertKey: UTF16Text = "insert"
    private static let retainKey: UTF16Text = "retain"
    private static let deleteKey: UTF16Text = "delete"
    private static let attributesKey: UTF16Text = "attributes"

    fileprivate init(_ value: OTValue, _ index: Int, _ limits: OTLimits) throws(OTError) {
        func fault(_ reason: String) -> OTError { .invalidOperation("component \(index) \(reason)") }
        guard case .object(let parts) = value else { throw fault("is not an object") }
        var attributes = OTObject()
        switch parts[Self.attributesKey] {
        case nil, .null?: break
        case .object(let object)?: attributes = object
        default: throw fault("has attributes that are not an object")
        }
        guard attributes.count <= limits.attributes else {
            throw .limitExceeded("the number of attributes", limits.attributes)
        }
        guard attributes.weight <= limits.attributeWeight else {
            throw .limitExceeded("what attributes hold in memory", limits.attributeWeight)
        }
        switch (parts[Self.insertKey], parts[Self.retainKey], parts[Self.deleteKey]) {
        case (.string(let text)?, nil, nil): self = .insert(.text(text), attributes)
        case (.object(let embed)?, nil, nil): self = .insert(.embed(embed), attributes)
        case (nil, let count?, nil):
            if case .object = count { throw fault("retains an embed, which is not supported") }
            guard let count = count.integer, count > 0 else { throw fault("retains no whole number above zero") }
            self = .retain(count, attributes)
        case (nil, nil, let count?):
            guard let count = count.integer, count > 0 else { throw fault("deletes no whole number above zero") }
            self = .delete(count)
        case (.some, nil, nil): throw fault("inserts neither a string nor an object")
        default: throw fault("is not one of insert, retain and delete")
        }
    }

    fileprivate var value: OTValue {
        func object(_ key: UTF16Text, _ value: OTValue, _ attributes: OTObject) -> OTValue {
            let kind = OTObject.Member(key: key, value: value)
            guard !attributes.isEmpty else { return .object(OTObject(ordered: [kind])) }
            return .object(OTObject(ordered: [.init(key: Self.attributesKey, value: .object(attributes)), kind]))
        }
        switch self {
        case .retain(let count, let attributes): return object(Self.retainKey, OTValue(count), attributes)
        case .insert(.text(let text), let attributes): return object(Self.insertKey, .string(text), attributes)
        case .insert(.embed(let embed), let attributes): return object(Self.insertKey, .object(embed), attributes)
        case .delete(let count): return object(Self.deleteKey, OTValue(count), OTObject())
        }
    }
}

extension Delta: CustomStringConvertible {
    /// Its JSON.
    public var description: String { String(decoding: self.json, as: UTF8.self) }
}
