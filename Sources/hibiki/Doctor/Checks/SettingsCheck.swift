// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Whether the settings can be used.
struct SettingsCheck: DoctorCheck {
    let settings: DoctorSettings
    let name = "settings"

    func examine() async -> [Finding] {
        let problems = self.settings.problems.map { problem in
            Finding.failure(problem, advice: "Correct it; until then the server does not start")
        }
        let unknown = self.settings.unknownKeys.map { key in
            Finding.warning(
                "\(self.settings.file ?? "the file") has \"\(key)\", and no setting has that name",
                advice: "Look its name up in `hibiki serve --help`; as it stands it changes nothing")
        }
        guard problems.isEmpty else { return problems + unknown }
        let source = self.settings.file.map { "those of \($0)" } ?? "flags, environment and defaults, without a file"
        return unknown + [.ok("the settings can be used: \(source)")]
    }
}
