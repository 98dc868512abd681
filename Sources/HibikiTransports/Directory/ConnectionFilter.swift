// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// Which connections are meant: those that fit everything that is set.
public struct ConnectionFilter: Hashable, Sendable {
    public var transport: ConnectionRecord.Transport?
    public var route: String?
    public var address: String?
    public var principal: String?
    public var client: ClientID?
    public var topic: Topic?
    /// Stands somewhere in the id, the address, the client id, the principal, or the names of topics and sockets.
    public var text: String?

    public init() {}

    public func matches(_ record: ConnectionRecord) -> Bool {
        self.transport.map { $0 == record.transport } ?? true
            && Self.equal(self.route, record.route)
            && Self.equal(self.address, record.address)
            && Self.equal(self.principal, record.principal)
            && self.client.map { $0 == record.client } ?? true
            && self.topic.map(record.topics.contains) ?? true
            && self.text.map { Self.finds($0, in: record) } ?? true
    }

    /// By bytes, as everywhere where rights hang on a name.
    private static func equal(_ wanted: String?, _ text: String?) -> Bool {
        guard let wanted else { return true }
        return text.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
    }

    private static func finds(_ text: String, in record: ConnectionRecord) -> Bool {
        let single = [record.id.description, record.address, record.client?.description, record.principal]
        return single.contains { $0?.contains(text) ?? false } || record.topics.contains { $0.name.contains(text) }
            || record.sockets.contains { $0.id.contains(text) }
    }
}
