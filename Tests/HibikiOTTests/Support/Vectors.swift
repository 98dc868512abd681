// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiOT

/// The recorded files in `Vectors`.
enum Vectors {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Vectors")

    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.filter { $0.hasSuffix(".json") }
        .sorted() ?? []

    /// The cases under a key, each with its number.
    static func cases(_ key: String) throws -> [(name: String, value: OTValue)] {
        try self.names.flatMap { name in
            let file = try OTValue(
                json: [UInt8](Data(contentsOf: self.folder.appending(path: name))), limits: .document)
            guard case .array(let cases)? = file[key] else { return [(name: String, value: OTValue)]() }
            return cases.enumerated().map { ("\(name), \(key) \($0.offset)", $0.element) }
        }
    }
}

/// A field that a vector must have.
struct MissingField: Error { let key: String }

extension OTValue {
    func field(_ key: String) throws -> OTValue {
        guard let value = self[key] else { throw MissingField(key: key) }
        return value
    }

    func integer(_ key: String) throws -> Int {
        guard let integer = try self.field(key).integer else { throw MissingField(key: key) }
        return integer
    }

    func operation(_ key: String) throws -> TextOperation { try TextOperation(try self.field(key)) }
    func delta(_ key: String) throws -> Delta { try Delta(try self.field(key)) }
}
