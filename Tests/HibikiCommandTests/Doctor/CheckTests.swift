// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import HibikiTransports
import Testing

@testable import hibiki

@Suite struct `Checks of the kernel` {
    private let configuration = ServerConfiguration()

    private func statuses(_ check: some DoctorCheck) async -> [Finding.Status] {
        await check.examine().map(\.status)
    }

    @Test(arguments: [(128, Finding.Status.warning), (4_095, .warning), (4_096, .ok), (65_535, .ok)])
    func `a queue shorter than what is asked for is a warning`(_ limit: Int, _ status: Finding.Status) async {
        #expect(await self.statuses(BacklogCheck(configuration: self.configuration, limit: limit)) == [status])
    }

    @Test func `what a kernel does not have is passed over`() async {
        #expect(await self.statuses(BacklogCheck(configuration: self.configuration, limit: nil)).isEmpty)
        #expect(await self.statuses(KernelCheck(configuration: self.configuration, ports: nil, tracked: nil)).isEmpty)
        #expect(await self.statuses(KernelCheck(configuration: self.configuration, ports: [1], tracked: nil)).isEmpty)
    }

    @Test(arguments: [
        ([32_768, 60_999], Finding.Status.ok), ([40_000, 60_000], .ok), ([40_001, 60_000], .ok),
        ([50_000, 60_000], .warning),
        ([60_000, 50_000], .warning),
    ]) func `few local ports are a warning`(_ range: [Int], _ status: Finding.Status) async {
        #expect(
            await self.statuses(KernelCheck(configuration: self.configuration, ports: range, tracked: nil)) == [status])
    }

    @Test(arguments: [(19_999, Finding.Status.warning), (20_000, .ok)])
    func `a firewall that keeps track of too few connections is a warning`(
        _ tracked: Int, _ status: Finding.Status
    ) async {
        #expect(
            await self.statuses(KernelCheck(configuration: self.configuration, ports: nil, tracked: tracked)) == [
                status
            ])
    }

    @Test(arguments: [(255, Finding.Status.failure), (256, .warning), (10_063, .warning), (10_064, .ok), (.max, .ok)])
    func `files are counted against the connections that are healthy`(
        _ limit: Int, _ status: Finding.Status
    ) async {
        #expect(await self.statuses(DescriptorCheck(configuration: self.configuration, limit: limit)) == [status])
    }
}

@Suite struct `The end of a certificate` {
    private static let day: Int64 = 86_400_000

    @Test(arguments: [
        (Int64(-1), Finding.Status.failure), (0, .failure), (1, .warning), (30 * Self.day - 1, .warning),
        (30 * Self.day, .ok), (4_000 * Self.day, .ok),
    ]) func `is a warning in its last month, and a failure from then on`(_ left: Int64, _ status: Finding.Status) {
        let now = Timestamp(milliseconds: 1_795_280_523_004)
        let check = CertificateCheck(files: CertificateFiles(), now: now)
        #expect(check.finding(expires: Timestamp(milliseconds: now.milliseconds + left)).status == status)
    }
}

@Suite struct `What listens on a port` {
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n{\"status\":\"ready\",\"checks\":{\"server\":true}}", 200),
        ("HTTP/1.1 503 Service Unavailable\r\n\r\n{\"status\":\"unready\",\"checks\":{\"server\":false}}", 503),
        ("HTTP/1.1 503 Service Unavailable\r\n\r\n{\"error\":{\"code\":\"unavailable\"}}", 503),
    ]) func `is a server of ours if it answers as one`(_ text: String, _ status: Int) {
        guard case .hibiki(status, _) = Probe.read(text) else {
            Issue.record("\(Probe.read(text))")
            return
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n\r\n<html></html>", "HTTP/1.1 404 Not Found\r\n\r\n{\"checks\":{}}",
        "HTTP/1.1 x OK\r\n\r\n{\"checks\":{}}", "SSH-2.0-OpenSSH_9.2\r\n", "\r\n\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n{}",
    ]) func `is somebody else otherwise`(_ text: String) {
        #expect(Probe.read(text) == .somebodyElse)
    }
}

@Suite struct `The keys of a settings file` {
    @Test func `every setting is known by its name`() {
        let names = Settings.all.map(\.key) + ["log-level", "log-format", "log-rate"]
        #expect(names.filter { !SettingsFile.known.contains($0) } == [])
    }
}

@Suite struct `The report` {
    @Test func `says the worst in one word, and counts all`() {
        var report = DoctorReport()
        #expect(report.worst == .ok)
        report.add([.ok("one"), .warning("two \"quoted\"", advice: "Do it")], of: "a")
        #expect(report.worst == .warning)
        report.add([.failure("three", advice: "Repair it")], of: "b")
        #expect(report.worst == .failure)
        #expect(
            report.text == """
                ok       a: one.
                warning  a: two "quoted".
                         Do it.
                failure  b: three.
                         Repair it.

                1 ok, 1 to think about, 1 to repair
                """)
        #expect(
            report.json == #"{"status":"failure","findings":["#
                + #"{"check":"a","status":"ok","message":"one","advice":null},"#
                + #"{"check":"a","status":"warning","message":"two \"quoted\"","advice":"Do it"},"#
                + #"{"check":"b","status":"failure","message":"three","advice":"Repair it"}]}"#)
    }
}
