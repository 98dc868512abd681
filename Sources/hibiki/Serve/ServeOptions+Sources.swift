// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration
import SystemPackage

extension ServeOptions {
    /// Where settings come from: the flags first, then the environment, then the file.
    func providers() async throws -> [any ConfigProvider] {
        try await Self.providers(self.provider, file: self.config)
    }

    /// The same for commands that have a few of the flags.
    static func providers(_ flags: InMemoryProvider, file: String?) async throws -> [any ConfigProvider] {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "hibiki")
        var providers: [any ConfigProvider] = [flags, environment]
        guard let path = file ?? ConfigReader(provider: environment).string(forKey: "config") else {
            return providers
        }
        do {
            if path.hasSuffix(".json") {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(path)))
            } else {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path)))
            }
        } catch {
            throw ValidationError("\(path) cannot be read as settings: \(error)")
        }
        return providers
    }
}
