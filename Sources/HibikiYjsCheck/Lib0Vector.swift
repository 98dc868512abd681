// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// lib0's encodings: each value to exactly these bytes, and back.
struct Lib0Vector {
    private let vector: YValue

    init(_ vector: YValue) { self.vector = vector }

    func run(_ report: inout CheckReport) {
        for (index, item) in (self.vector["cases"]?.array ?? []).enumerated() {
            let name = "\(index) \(item["fn"]?.string ?? "?")"
            guard let function = item["fn"]?.string, let value = item["value"], let hex = item["hex"]?.string else {
                report.fail(name, "incomplete")
                continue
            }
            do {
                report.check("\(name): written", self.encode(function, value).map(Hex.string), hex)
                try self.decode(function, value, Hex.bytes(hex), name, &report)
            } catch {
                report.fail(name, "\(error)")
            }
        }
    }

    private func encode(_ function: String, _ value: YValue) -> [UInt8]? {
        var writer = ByteWriter()
        switch function {
        case "varUint": writer.varUint(value.int ?? 0)
        case "varInt":
            if value.string == "-0" {
                writer.varInt(magnitude: 0, isNegative: true)
            } else {
                writer.varInt(value.int ?? 0)
            }
        case "varString": writer.string(value.string ?? "")
        case "any": writer.any(TaggedJSON.value(value))
        default: return self.encodeColumn(function, value.array ?? [])
        }
        return writer.bytes
    }

    private func encodeColumn(_ function: String, _ values: [YValue]) -> [UInt8]? {
        switch function {
        case "UintOptRle":
            var writer = UintRunWriter()
            for value in values { writer.write(value.int ?? 0) }
            return writer.finish()
        case "IntDiffOptRle":
            var writer = DifferenceRunWriter()
            for value in values { writer.write(value.int ?? 0) }
            return writer.finish()
        case "RleUint8":
            var writer = ByteRunWriter()
            for value in values { writer.write(UInt8(clamping: value.int ?? 0)) }
            return writer.finish()
        case "StringEncoder":
            var writer = StringColumnWriter()
            for value in values { writer.write(value.string ?? "") }
            return writer.finish()
        default: return nil
        }
    }

    private func decode(
        _ function: String, _ value: YValue, _ bytes: [UInt8], _ name: String, _ report: inout CheckReport
    ) throws(YError) {
        var reader = ByteReader(bytes)
        switch function {
        case "varUint": report.check("\(name): read", try reader.varUint(), value.int ?? -1)
        case "varInt":
            let (magnitude, negative) = try reader.varInt()
            report.check("\(name): sign", negative, value.string == "-0" || (value.int ?? 0) < 0)
            report.check("\(name): read", magnitude, abs(value.int ?? 0))
        case "varString": report.check("\(name): read", try reader.string(), value.string ?? "?")
        case "any": report.check("\(name): read", json: try reader.any(depth: 10), TaggedJSON.value(value))
        default: try self.decodeColumn(function, value.array ?? [], reader, name, &report)
        }
    }

    private func decodeColumn(
        _ function: String, _ values: [YValue], _ reader: ByteReader, _ name: String, _ report: inout CheckReport
    ) throws(YError) {
        let numbers = values.map { $0.int ?? 0 }
        var read: [Int] = []
        switch function {
        case "UintOptRle":
            var column = UintRunReader(reader)
            for _ in values { read.append(try column.next()) }
        case "IntDiffOptRle":
            var column = DifferenceRunReader(reader)
            for _ in values { read.append(try column.next()) }
        case "RleUint8":
            var column = ByteRunReader(reader)
            for _ in values { read.append(Int(try column.next())) }
        default:
            var column = try StringColumnReader(reader)
            var strings: [String] = []
            for _ in values { strings.append(try column.string()) }
            return report.check("\(name): read", strings, values.compactMap(\.string))
        }
        report.check("\(name): read", read, numbers)
    }
}
