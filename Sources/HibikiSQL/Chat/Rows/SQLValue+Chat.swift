// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
public import HibikiMessaging

extension SQLValue {
    static func name(_ name: (some RawRepresentable<String>)?) -> SQLValue {
        name.map { .text($0.rawValue) } ?? .null
    }

    static func time(_ time: Timestamp?) -> SQLValue {
        time.map { .integer($0.milliseconds) } ?? .null
    }

    static func number(_ number: Int) -> SQLValue {
        .integer(Int64(number))
    }
}

extension Timestamp: SQLConvertible {
    public var sqlValue: SQLValue { .integer(self.milliseconds) }

    public init?(sqlValue: SQLValue) {
        guard let milliseconds = Int64(sqlValue: sqlValue) else { return nil }
        self.init(milliseconds: milliseconds)
    }
}

extension MessageID {
    var key: [SQLValue] { [.name(self.room), .integer(self.sequence)] }
}

extension ReportKey {
    var key: [SQLValue] { [.name(self.room), .integer(self.number)] }
}

extension ContactKey {
    var key: [SQLValue] { [.name(self.person), .name(self.contact)] }
}

extension MemberKey {
    var key: [SQLValue] { [.name(self.room), .name(self.user)] }
}

extension ClientKey {
    var key: [SQLValue] { [.name(self.room), .name(self.user), .name(self.id)] }
}

extension DirectPair {
    var key: [SQLValue] { [.name(self.first), .name(self.second)] }
}
