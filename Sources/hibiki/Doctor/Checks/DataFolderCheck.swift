// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether the server can keep something in its folder.
struct DataFolderCheck: DoctorCheck {
    private static let enough = 1 << 30
    private static let least = 64 << 20

    /// Empty if there is none, and the server keeps everything in memory.
    let folder: String
    let name = "data"

    func examine() async -> [Finding] {
        guard !self.folder.isEmpty else {
            return [.ok("there is no data folder, and nothing outlives the server")]
        }
        let folder = self.folder
        var status = stat()
        guard stat(folder, &status) == 0 else {
            return [.failure("\(folder) is not there", advice: "Make it, and give it to the user of the server")]
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return [.failure("\(folder) is no folder", advice: "Set data to a folder of the server's own")]
        }
        guard access(folder, R_OK | W_OK | X_OK) == 0 else {
            return [
                .failure(
                    "\(folder) may not be written to by this user",
                    advice: "Give it to the user of the server, or run the doctor as that user")
            ]
        }
        return [Self.space(folder)]
    }

    private static func space(_ folder: String) -> Finding {
        var system = statvfs()
        guard statvfs(folder, &system) == 0 else {
            return .warning("nobody says how much room \(folder) has", advice: "Look with df")
        }
        let (bytes, isTooMuch) = Int(system.f_bavail).multipliedReportingOverflow(by: Int(system.f_frsize))
        let free = isTooMuch ? Int.max : bytes
        let words = "\(folder) has room for \(free >> 20) MiB"
        guard free >= Self.enough else {
            let advice = "Make room, or move the folder, before nothing can be kept any more"
            return free < Self.least ? .failure(words, advice: advice) : .warning(words, advice: advice)
        }
        return .ok("\(words) and can be written to")
    }
}
