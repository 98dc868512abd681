// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The two binary forms of an update. Protocols speak version 1; version 2 is smaller for large documents.
public enum YUpdateFormat: Hashable, Sendable {
    case v1, v2
}

/// What can be done with the bytes of updates without a document.
public enum YUpdate {
    /// The update that changes nothing.
    public static let empty: [UInt8] = [0, 0]

    /// One update that does what all of them do, in whatever order they come.
    ///
    /// Units that several hold are written once, holes between them are marked. Runs are not joined: a document
    /// that applied the updates encodes itself shorter.
    public static func merge(
        _ updates: [[UInt8]], format: YUpdateFormat = .v1, limits: YLimits = .standard
    ) throws(YError) -> [UInt8] {
        var merger = UpdateMerger()
        for update in updates { try merger.add(try DecodedUpdate(update, format: format, limits: limits)) }
        return merger.merged().encoded(format)
    }

    /// What a document at `stateVector` lacks of an update; all of its deletions are kept.
    public static func diff(
        _ update: [UInt8], from stateVector: YStateVector, format: YUpdateFormat = .v1, limits: YLimits = .standard
    ) throws(YError) -> [UInt8] {
        try self.decode(update, format, limits).diff(from: stateVector).encoded(format)
    }

    /// The state of a document that applied the update alone: what of it begins at clock 0 and has no hole.
    public static func stateVector(
        of update: [UInt8], format: YUpdateFormat = .v1, limits: YLimits = .standard
    ) throws(YError) -> YStateVector {
        let update = try self.decode(update, format, limits)
        var vector = YStateVector()
        var stopped: Set<Int> = []
        for item in update.batch.structs where !stopped.contains(item.client) {
            if item.kind != .skip, item.clock == vector[item.client] {
                vector[item.client] = item.end
            } else {
                stopped.insert(item.client)
            }
        }
        return vector
    }

    /// The clocks of each client's first unit in the update and behind its last.
    public static func range(
        of update: [UInt8], format: YUpdateFormat = .v1, limits: YLimits = .standard
    ) throws(YError) -> (from: YStateVector, to: YStateVector) {
        let update = try self.decode(update, format, limits)
        var from = YStateVector()
        var to = YStateVector()
        for item in update.batch.structs {
            if !to.contains(item.client) { from[item.client] = item.clock }
            to[item.client] = item.end
        }
        return (from, to)
    }

    /// The same update in the other format.
    public static func convert(
        _ update: [UInt8], from format: YUpdateFormat, to other: YUpdateFormat, limits: YLimits = .standard
    ) throws(YError) -> [UInt8] {
        try self.decode(update, format, limits).encoded(other)
    }

    private static func decode(
        _ update: [UInt8], _ format: YUpdateFormat, _ limits: YLimits
    ) throws(YError) -> DecodedUpdate {
        try DecodedUpdate(update, format: format, limits: limits).regular()
    }
}
