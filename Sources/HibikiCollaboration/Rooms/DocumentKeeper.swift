// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A document of one kind in memory: what it holds, who has it open, and what they show. Bound to the actor of its room.
///
/// It says what is to be stored and told by writing it into the round; the room stores it first. What it has taken is not taken back:
/// if it cannot be stored, the keeper is let go.
protocol DocumentKeeper: AnyObject {
    /// What the document takes where it is stored.
    var size: DocumentSize { get set }
    var allPeers: [any DocumentPeer] { get }

    func join(_ visitor: DocumentVisitor, at now: ContinuousClock.Instant, _ round: inout RoomRound)
    func leave(_ peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound)

    /// What a client has sent. Whoever sends what is refused is put out.
    func receive(
        _ frame: [UInt8], from peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound
    ) throws(DocumentRefusal)

    /// Takes away what those show who were not heard of for too long.
    func expire(at now: ContinuousClock.Instant, _ round: inout RoomRound)

    /// Called when all commands of a round are dealt with, before it is stored.
    func finish(_ round: inout RoomRound)
}

extension DocumentKeeper {
    func finish(_ round: inout RoomRound) {}
}

/// Who opens a document.
struct DocumentVisitor {
    let peer: any DocumentPeer
    let access: DocumentAccess
    /// The name under which it writes operations; Yjs knows its clients by numbers of their own.
    var client = ""
}

/// Why a message is not taken.
enum DocumentRefusal: Error {
    case malformed(String)
    case full
    case otherKind(DocumentKind)

    var end: DocumentEnd {
        switch self {
        case .malformed(let words): .malformed(words)
        case .full: .full
        case .otherKind(let kind): .otherKind(kind)
        }
    }

    static func reading<Value, Failure: Error & CustomStringConvertible>(
        _ body: () throws(Failure) -> Value
    ) throws(DocumentRefusal) -> Value {
        do throws(Failure) {
            return try body()
        } catch {
            throw .malformed(error.description)
        }
    }
}
