// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWeb
import NIOCore

/// Yjs for the page at `/documents/`: an ES module that imports nothing. It is not part of the server, so whoever runs one brings it.
public struct YjsModule: Sendable {
    /// More is not Yjs.
    private static let mostBytes = 4 << 20

    /// What is wrong with the file.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    /// The file with it. Empty, the default, for none: the page then says how to make it.
    public var file = ""
    private(set) var asset: WebAssets.Asset?

    public init() {}

    /// Reads the file.
    public mutating func load() throws(Problem) {
        self.asset = nil
        guard !self.file.isEmpty else { return }
        do {
            self.asset = WebAssets.Asset(bytes: try Self.read(self.file), path: "/yjs.js")
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(description: "\(error)")
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try SystemFile(reading: path)
        defer { file.close() }
        var bytes: [UInt8] = []
        while let part = try file.read() {
            bytes += part.readableBytesView
            guard bytes.count <= Self.mostBytes else {
                throw Problem(description: "\(path) has more than \(Self.mostBytes) bytes")
            }
        }
        return bytes
    }
}
