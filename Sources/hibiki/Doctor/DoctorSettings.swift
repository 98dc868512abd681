// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Configuration
import HibikiServer

/// The settings that a server would have, with everything that is wrong about them.
struct DoctorSettings {
    /// What can be used of them; the defaults for the rest.
    private(set) var configuration = ServerConfiguration()
    private(set) var problems: [String] = []
    /// Keys of the file that no setting has.
    private(set) var unknownKeys: [String] = []
    private(set) var file: String?

    init(_ options: ServeOptions) async {
        let environment = ConfigReader(provider: EnvironmentVariablesProvider())
        self.file = options.config ?? environment.string(forKey: "hibiki-config")
        let reader: ConfigReader
        do {
            reader = ConfigReader(providers: try await options.providers())
        } catch {
            self.problems.append("\(error)")
            return
        }
        for setting in Settings.all {
            do { try setting.read(from: reader, into: &self.configuration) } catch { self.problems.append("\(error)") }
        }
        OpenTelemetryEnvironment().complete(&self.configuration.tracing, settings: reader)
        do { try self.configuration.keys.load() } catch { self.problems.append("api-key-file: \(error)") }
        do { try self.configuration.checkTogether() } catch { self.problems.append("\(error)") }
        do { _ = try LogSettings(reader) } catch { self.problems.append("\(error)") }
        self.unknownKeys = self.file.map(SettingsFile.keys(ofFile:))?.filter { !SettingsFile.known.contains($0) } ?? []
    }
}
