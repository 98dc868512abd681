// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What comes of the commands that a room deals with together. It is stored first, and then told.
struct RoomRound {
    /// New updates, in their order.
    private(set) var updates: [[UInt8]] = []
    private(set) var storedBytes = 0
    /// For everybody, in their order: the updates, and what people show.
    var frames: [[UInt8]] = []
    var ends: [(peer: any DocumentPeer, reason: DocumentEnd)] = []
    /// To be called when all of it is done, or has failed.
    var completions: [(Result<Void, any Error>) -> Void] = []
    private var answers: [ObjectIdentifier: Answer] = [:]

    private struct Answer {
        let peer: any DocumentPeer
        var frames: [[UInt8]] = []
        var handled = 0
    }

    /// - Parameter frame: what everybody hears when it is stored.
    mutating func store(_ update: [UInt8], telling frame: [UInt8]) {
        self.updates.append(update)
        self.storedBytes += update.count
        self.frames.append(frame)
    }

    mutating func reply(_ frame: [UInt8], to peer: any DocumentPeer) {
        self.answers[ObjectIdentifier(peer), default: Answer(peer: peer)].frames.append(frame)
    }

    mutating func handledFrame(of peer: any DocumentPeer) {
        self.answers[ObjectIdentifier(peer), default: Answer(peer: peer)].handled += 1
    }

    /// Tells all who wait for something of it.
    func complete(_ name: DocumentName, _ outlet: any DocumentOutlet) {
        if !self.frames.isEmpty { outlet.send(self.frames, to: name) }
        for answer in self.answers.values { answer.peer.answer(answer.frames, handled: answer.handled) }
        for end in self.ends { end.peer.end(end.reason) }
        for completion in self.completions { completion(.success(())) }
    }

    /// Tells those who wait that it could not be stored.
    func fail(_ error: any Error) {
        for end in self.ends { end.peer.end(end.reason) }
        for completion in self.completions { completion(.failure(error)) }
    }
}
