// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiUploads

@Suite struct `The type of a file` {
    @Test(
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "image/png"),
            ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"),
            (Array("GIF89a".utf8), "image/gif"),
            (Array("RIFF....WEBPVP8 ".utf8), "image/webp"),
            (Array("RIFF....WAVEfmt ".utf8), "audio/wav"),
            (Array("RIFF....AVI LIST".utf8), "video/x-msvideo"),
            (Array("....ftypavif".utf8), "image/avif"),
            (Array("....ftypheic".utf8), "image/heic"),
            (Array("....ftypisom".utf8), "video/mp4"),
            (Array("....ftypM4A ".utf8), "audio/mp4"),
            ([0x1A, 0x45, 0xDF, 0xA3, 0x42, 0x82, 0x84] + Array("webm".utf8), "video/webm"),
            ([0x1A, 0x45, 0xDF, 0xA3, 0x42, 0x82, 0x88] + Array("matroska".utf8), "video/x-matroska"),
            ([0xFF, 0xFB, 0x90, 0x00], "audio/mpeg"), (Array("ID3\u{4}".utf8), "audio/mpeg"),
            ([0xFF, 0xF1, 0x50, 0x80], "audio/aac"),
            (Array("%PDF-1.7\n".utf8), "application/pdf"), (Array("PK\u{3}\u{4}".utf8), "application/zip"),
            ([0x1F, 0x8B, 0x08, 0], "application/gzip"),
            ([0x7F, 0x45, 0x4C, 0x46], "application/x-executable"),
            (Array("MZ\u{90}".utf8), "application/x-executable"),
            (Array("#!/bin/sh\n".utf8), "text/x-script"), ([0, 0x61, 0x73, 0x6D], "application/wasm"),
            (Array("BM......".utf8) + [0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0], "image/bmp"),
            (Array("BMW is a make of cars".utf8), "text/plain"),
            (Array("plain".utf8), "text/plain"), (Array("größe\n".utf8), "text/plain"), ([], "text/plain"),
            (Array(" \n<!DOCTYPE html>".utf8), "text/html"), (Array("<!-- x --><ScRiPt>".utf8), "text/html"),
            (Array("<?xml version='1.0'?><svg xmlns=''>".utf8), "image/svg+xml"),
            (Array("<SVG onload=x>".utf8), "image/svg+xml"),
            (Array("<?xml version='1.0'?><a/>".utf8), "application/xml"),
            ([0xFF, 0xFE, 0x3C, 0x00, 0x68, 0x00], "text/html"),
            ([0xFF, 0xFE, 0x20, 0x00, 0x3C, 0x00], "text/html"),
            ([0, 1, 2, 3], "application/octet-stream"), (Array("text\u{0}".utf8), "application/octet-stream"),
            ([0xC3, 0x28, 0x41], "application/octet-stream"),
        ] as [([UInt8], String)])
    func `is what its first bytes say`(_ bytes: [UInt8], _ type: String) {
        #expect(TypeSniffer.type(of: bytes).mediaType == type)
    }

    @Test func `is text when the window cuts its last character`() {
        let text = [UInt8](repeating: 0x41, count: TypeSniffer.window - 1) + Array("ä".utf8)
        #expect(TypeSniffer.type(of: text) == .text)
        #expect(TypeSniffer.type(of: text.prefix(100) + [0xC3]) == .unknown)
    }

    @Test func `is that of the picture for a picture that is a page too`() {
        let polyglot = Array("GIF89a=1;/*<script>alert(1)</script>*/".utf8)
        #expect(TypeSniffer.type(of: polyglot) == .gif)
    }

    @Test func `is never active and taken because of a wildcard, nor shown in a page`() throws {
        let images = try #require(AllowedTypes(["image/*", "text/*"]))
        #expect(images.contains(.png))
        #expect(images.contains(.text))
        for type in [FileType.svg, .html, .script] {
            #expect(!images.contains(type))
            #expect(try #require(AllowedTypes(["*"])).contains(type) == false)
            #expect(!type.isInline)
        }
        #expect(try #require(AllowedTypes(["image/svg+xml"])).contains(.svg))
        #expect(AllowedTypes(["image"]) == nil)
        #expect(AllowedTypes(["image/ png"]) == nil)
    }
}

@Suite struct `The dimensions of a picture` {
    @Test func `stand in the first chunk of a PNG`() {
        let head = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] as [UInt8] + Array("IHDR".utf8)
        #expect(PictureSize(.png, head + [0, 0, 3, 32, 0, 0, 2, 88, 8, 2]) == PictureSize(width: 800, height: 600))
        #expect(PictureSize(.png, head + [0, 0, 3]) == nil)
        #expect(PictureSize(.png, head + [0, 0, 0, 0, 0, 0, 0, 1]) == nil)
        let bomb = PictureSize(.png, head + [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
        #expect(bomb?.pixels == 0x7FFF_FFFF * 0x7FFF_FFFF)
    }

    @Test func `stand in the screen of a GIF`() {
        #expect(PictureSize(.gif, Array("GIF89a".utf8) + [0x40, 1, 0xF0, 0]) == PictureSize(width: 320, height: 240))
    }

    @Test func `stand in the frame of a JPEG, behind what else there is`() {
        let remarks: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xFE, 0, 3, 9]
        let frame: [UInt8] = [0xFF, 0xC2, 0, 17, 8, 2, 88, 3, 32, 3]
        #expect(PictureSize(.jpeg, remarks + frame) == PictureSize(width: 800, height: 600))
        #expect(PictureSize(.jpeg, remarks + [0xFF, 0xDA, 0, 2]) == nil)
        #expect(PictureSize(.jpeg, remarks + [0xFF, 0xE1, 0xFF, 0xFF]) == nil)
        #expect(PictureSize(.jpeg, remarks + [0xFF, 0xE1, 0, 1]) == nil)
    }

    @Test func `stand in three places of a WebP`() {
        let riff = Array("RIFF....WEBP".utf8)
        let extended = riff + Array("VP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0x1F, 3, 0, 0x57, 2, 0]
        #expect(PictureSize(.webp, extended) == PictureSize(width: 800, height: 600))
        let lossless = riff + Array("VP8L".utf8) + [0, 0, 0, 0, 0x2F, 0x1F, 0xC3, 0x95, 0]
        #expect(PictureSize(.webp, lossless) == PictureSize(width: 800, height: 600))
        let lossy = riff + Array("VP8 ".utf8) + [0, 0, 0, 0, 1, 2, 3, 0x9D, 1, 0x2A, 0x20, 3, 0x58, 2]
        #expect(PictureSize(.webp, lossy) == PictureSize(width: 800, height: 600))
    }
}
