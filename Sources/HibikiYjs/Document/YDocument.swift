// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A document that several clients edit at once and that is the same for all who know the same updates.
///
/// Holds shared types by name (`text("title")`), takes in updates of others and gives out its own. Every edit
/// happens in a transaction; one that is made outside of ``transact(origin:_:)`` is a transaction of its own.
/// Positions and lengths count UTF-16 units. Not thread-safe: give each document one actor, queue or loop.
public final class YDocument {
    /// What names the document among others; as a subdocument it travels under this name.
    public let guid: String
    /// Under which id this replica's edits go. Two replicas that edit must never have the same.
    public var clientID: Int
    /// What an update of others may ask for.
    public var limits: YLimits
    /// Whether texts that others changed are rid of marks without effect, as Yjs does in an editor that has opened
    /// them. That is an edit of its own, so a server leaves it off. Default false.
    public var cleansFormatting = false

    var store = Store()
    var pending = Pending()
    var current: Transaction?
    var queue: [Transaction] = []
    var isSettling = false
    var observers = Observers()

    /// - Parameters:
    ///   - clientID: 53 bits; by default 32 random ones, as Yjs 13 has them.
    ///   - collectsGarbage: Whether deleted content is freed. Snapshots need it kept. Default true.
    public init(
        clientID: Int? = nil, guid: String = "", collectsGarbage: Bool = true, limits: YLimits = .standard
    ) {
        self.clientID = clientID ?? Self.randomClientID()
        self.guid = guid
        self.limits = limits
        self.store.collectsGarbage = collectsGarbage
    }

    static func randomClientID() -> Int { Int(UInt32.random(in: 0...UInt32.max)) }

    /// Another id for this replica, because somebody else writes under the one that it had.
    func renewClientID() {
        repeat { self.clientID = Self.randomClientID() } while self.store.existingClient(self.clientID) != nil
    }

    /// Who edits. An id whose clock somebody has used up is given up.
    func author() -> Author {
        if self.store.state(self.clientID) > ByteReader.maximumClock / 2 { self.renewClientID() }
        return Author(client: self.clientID)
    }

    public var collectsGarbage: Bool { self.store.collectsGarbage }

    // MARK: What is known

    /// The clock of each client's next unit.
    public var stateVector: YStateVector { self.store.stateVector() }

    /// Everything that is deleted, normalised.
    public var deletions: DeleteSet { self.store.deletions() }

    /// Whether updates wait for others that they build upon.
    public var hasPendingUpdates: Bool { self.pending.hasStructs }

    /// Whether deletions wait for what they delete.
    public var hasPendingDeletions: Bool { !self.pending.deletions.isEmpty }

    /// The first clock of each client that waiting updates need.
    public var missing: YStateVector { YStateVector(self.pending.missing) }

    // MARK: Updates

    /// Takes in an update. One that is malformed is refused whole: it throws and nothing has changed.
    ///
    /// Updates may come in any order and more than once. What builds upon something unknown waits, see
    /// ``hasPendingUpdates``. One that passes a limit, such as ``YLimits/pendingBytes``, is refused whole too, and comes
    /// again with the next synchronisation because the state vector lacks it.
    public func apply(_ update: [UInt8], format: YUpdateFormat = .v1, origin: YOrigin? = nil) throws(YError) {
        let decoded = try DecodedUpdate(update, format: format, limits: self.limits)
        try self.begin(origin: origin, isLocal: false) { () throws(YError) in
            let known = self.store.state(self.clientID)
            try self.store.apply(decoded, size: update.count, limits: self.limits, pending: &self.pending)
            // At once, for an observer may edit.
            if self.store.state(self.clientID) > known { self.renewClientID() }
        }
    }

    /// What a replica with a state vector lacks: structs, all deletions, and what waits here.
    public func encodeState(from vector: YStateVector = YStateVector(), format: YUpdateFormat = .v1) -> [UInt8] {
        switch format {
        case .v1: self.encode(from: vector, with: UpdateWriterV1())
        case .v2: self.encode(from: vector, with: UpdateWriterV2())
        }
    }

    private func encode<Writer: UpdateWriter>(from vector: YStateVector, with writer: consuming Writer) -> [UInt8] {
        if self.hasPendingUpdates {
            self.store.write(structsFrom: vector, and: self.pending.structs, to: &writer)
        } else {
            self.store.write(structsFrom: vector, to: &writer)
        }
        var deletions = self.store.deletions()
        if self.hasPendingDeletions {
            deletions.formUnion(self.pending.deletions.set)
            deletions.normalize()
        }
        deletions.write(to: &writer)
        return writer.finish()
    }
}
