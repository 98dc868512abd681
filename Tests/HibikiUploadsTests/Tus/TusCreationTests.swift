// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiUploads

@Suite struct `The beginning of an upload` {
    private static func fields(_ change: (inout TusCreation.Fields) -> Void = { _ in }) -> TusCreation.Fields {
        var fields = TusCreation.Fields()
        fields.version = "1.0.0"
        fields.length = "100"
        change(&fields)
        return fields
    }

    private static func status(_ change: (inout TusCreation.Fields) -> Void) -> Int? {
        do throws(UploadRefusal) {
            _ = try TusCreation(self.fields(change), UploadLimits())
            return nil
        } catch {
            return error.status
        }
    }

    @Test func `takes its name from the metadata and keeps the metadata as they are`() throws {
        let metadata = "filename YS5wbmc=,is_confidential,type aW1hZ2UvcG5n"
        let creation = try TusCreation(Self.fields { $0.metadata = metadata }, UploadLimits())
        #expect(creation.length == 100)
        #expect(creation.name == "a.png")
        #expect(creation.metadata == metadata)
        #expect(!creation.hasBody)
    }

    @Test(arguments: [nil, "", "1.0", "0.2.2", "1.0.0 ", "2.0.0"] as [String?])
    func `in another version of the protocol is refused with 412`(_ version: String?) {
        #expect(Self.status { $0.version = version } == 412)
    }

    @Test(
        arguments: [
            (nil, 400), ("", 400), ("-1", 400), ("+1", 400), ("1e3", 400), ("0x10", 400), (" 1", 400), ("١", 400),
            ("1073741825", 413), ("99999999999999999999999999", 413), ("1073741824", nil), ("0", nil), ("007", nil),
        ] as [(String?, Int?)])
    func `announces its length as a number of bytes that there is room for`(_ length: String?, _ status: Int?) {
        #expect(Self.status { $0.length = length } == status)
    }

    @Test func `cannot put off its length`() {
        #expect(Self.status { $0.deferredLength = "1" } == 400)
    }

    @Test(arguments: [
        ("a", true), ("a,b", true), ("a YQ==,b", true), ("", true), ("a YQ,b", false), ("a YQ== c", false),
        ("a,a", false),
        (",a", false), ("ä YQ==", false), ("a /w==", false), ("a Y-==", false),
    ])
    func `has metadata that can be read, or none`(_ metadata: String, _ isGood: Bool) {
        #expect((Self.status { $0.metadata = metadata } == nil) == isGood)
    }

    @Test func `has metadata up to a bound`() {
        #expect(Self.status { $0.metadata = "a " + String(repeating: "YWFh", count: 1_023) } == nil)
        #expect(Self.status { $0.metadata = "a " + String(repeating: "YWFh", count: 1_024) } == 400)
        #expect(Self.status { $0.metadata = (0...32).map { "k\($0)" }.joined(separator: ",") } == 400)
    }

    @Test func `brings its first bytes with the type of the protocol, or is refused with 415`() throws {
        let type = Tus.contentType
        let good = Self.fields {
            $0.contentLength = "5"
            $0.contentType = type + "; charset=utf-8"
        }
        #expect(try TusCreation(good, UploadLimits()).hasBody)
        #expect(
            Self.status {
                $0.contentLength = "5"
                $0.contentType = "image/png"
            } == 415)
        #expect(Self.status { $0.isChunked = true } == 415)
        #expect(Self.status { $0.contentLength = "0" } == nil)
    }
}
