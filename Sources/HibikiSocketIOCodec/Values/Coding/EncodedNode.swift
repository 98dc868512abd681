// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A value that is being written. Containers that were handed out share it by reference, and may be written to until
/// the outermost value is complete.
final class EncodedNode {
    enum Content {
        case nothing
        case value(JSON)
        case array([Part])
        case object([(name: String, part: Part)])
    }

    enum Part {
        case value(JSON)
        case node(EncodedNode)

        var json: JSON {
            switch self {
            case .value(let value): value
            case .node(let node): node.json
            }
        }
    }

    var content = Content.nothing

    /// A type that writes nothing at all is an object without members.
    var json: JSON {
        switch self.content {
        case .nothing: .object([:])
        case .value(let value): value
        case .array(let parts): .array(parts.map(\.json))
        case .object(let members): .object(JSONObject(members.lazy.map { ($0.name, $0.part.json) }))
        }
    }

    // MARK: Containers

    /// Goes on with the object that is here; anything else gives way to a new one.
    func becomeObject() {
        guard case .object = self.content else {
            self.content = .object([])
            return
        }
    }

    /// Goes on with the array that is here; anything else gives way to a new one.
    func becomeArray() {
        guard case .array = self.content else {
            self.content = .array([])
            return
        }
    }

    var count: Int {
        switch self.content {
        case .nothing, .value: 0
        case .array(let parts): parts.count
        case .object(let members): members.count
        }
    }

    func set(_ name: String, _ part: Part) {
        guard case .object(var members) = self.content else { return }
        // What holds the members is let go first, or each one added would copy all before it.
        self.content = .nothing
        members.append((name, part))
        self.content = .object(members)
    }

    func append(_ part: Part) {
        guard case .array(var parts) = self.content else { return }
        self.content = .nothing
        parts.append(part)
        self.content = .array(parts)
    }
}
