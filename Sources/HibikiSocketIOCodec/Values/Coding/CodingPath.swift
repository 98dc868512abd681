// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The keys from the outermost value to one that is being coded, as a list from the inside out: a step costs one
/// allocation, and the array that `Codable` wants is only made when somebody asks.
indirect enum CodingPath {
    case root
    case step(CodingPath, any CodingKey)

    func appending(_ key: any CodingKey) -> CodingPath {
        .step(self, key)
    }

    var keys: [any CodingKey] {
        var keys: [any CodingKey] = []
        var path = self
        while case .step(let outer, let key) = path {
            keys.append(key)
            path = outer
        }
        return keys.reversed()
    }
}
