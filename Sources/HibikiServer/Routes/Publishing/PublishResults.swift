// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
import Hummingbird

/// What became of the publications of one request.
///
/// All of them are allowed, so that only a log that is full can refuse some. Then the answer is that error, with what became of
/// each in `results`: whoever sends the request again has those that have an id stored once.
struct PublishResults {
    private let results: [Result<PublishReceipt, WireError>]

    init(_ results: [Result<PublishReceipt, WireError>]) {
        self.results = results
    }

    private var problem: WireError? {
        for case .failure(let error) in self.results { return error }
        return nil
    }

    /// `{"position": …}`
    func single() throws(WireError) -> Response {
        if let problem = self.problem { throw problem }
        return .json(self.results.first.map { Self.object($0) } ?? .null)
    }

    /// An array of the same, in the order of the request.
    func array() -> Response {
        let list = self.results.map { Self.object($0) }
        return self.problem.map { Self.partial($0, list) } ?? .json(.array(list))
    }

    /// `{"results": [{"topic": …, "position": …}]}`
    func broadcast(to topics: [String]) -> Response {
        let list = zip(topics, self.results).map { Self.object($1, topic: $0) }
        return self.problem.map { Self.partial($0, list) } ?? .json(["results": .array(list)])
    }

    private static func object(_ result: Result<PublishReceipt, WireError>, topic: String? = nil) -> JSON {
        var object: JSONObject = [:]
        if let topic { object["topic"] = .string(topic) }
        switch result {
        case .success(let receipt):
            object["position"] = .string(receipt.position.description)
            if receipt.isDuplicate { object["duplicate"] = .bool(true) }
        case .failure(let error):
            object["error"] = Self.error(error)
        }
        return .object(object)
    }

    private static func error(_ error: WireError) -> JSON {
        [
            "code": .string(error.code.rawValue), "message": .string(error.message),
            "retry": .bool(error.code.mayRetry),
        ]
    }

    private static func partial(_ problem: WireError, _ results: [JSON]) -> Response {
        .json(
            ["error": Self.error(problem), "results": .array(results)],
            status: HTTPResponse.Status(code: problem.code.httpStatus))
    }
}
