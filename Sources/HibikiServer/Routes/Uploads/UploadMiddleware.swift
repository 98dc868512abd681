// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HTTPTypes
import HibikiMessaging
import HibikiTransports
import HibikiUploads
import HibikiWire
import Hummingbird

/// What all answers about uploads have, errors too.
struct UploadMiddleware: RouterMiddleware {
    let limits: UploadLimits

    func handle(
        _ request: Request, context: RouterContext, next: (Request, RouterContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let refusal as UploadRefusal {
            response = self.answer(refusal)
        } catch let interruption as UploadInterrupted {
            guard interruption.isReplaced else { throw HTTPConnectionClosed() }
            response = self.answer(.locked)
        }
        response.headers[text: "Tus-Resumable"] = Tus.version
        return response
    }

    private func answer(_ refusal: UploadRefusal) -> Response {
        var headers = HTTPFields()
        switch refusal.status {
        case 412: headers[text: "Tus-Version"] = Tus.version
        case 413: headers[text: "Tus-Max-Size"] = "\(self.limits.fileBytes)"
        case 423, 503: headers[text: "Retry-After"] = "1"
        default: break
        }
        return ErrorResponse.make(
            WireError(refusal.code, refusal.message), status: .init(code: refusal.status), headers: headers)
    }

    /// What a client of tus asks with OPTIONS, and pages of other origins have to send and read.
    static func crossOrigin(_ limits: UploadLimits) -> CrossOriginFeature {
        var fields = HTTPFields()
        fields[text: "Tus-Resumable"] = Tus.version
        fields[text: "Tus-Version"] = Tus.version
        fields[text: "Tus-Max-Size"] = "\(limits.fileBytes)"
        fields[text: "Tus-Extension"] = Tus.extensions
        fields[text: "Tus-Checksum-Algorithm"] = UploadChecksum.algorithms
        return CrossOriginFeature(
            path: Uploads.path,
            allowedHeaders:
                "Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, Upload-Checksum, X-HTTP-Method-Override, "
                + "X-Requested-With, Range, If-Range, If-None-Match",
            exposedHeaders:
                "Location, Tus-Resumable, Tus-Version, Tus-Max-Size, Tus-Extension, Tus-Checksum-Algorithm, Upload-Offset, "
                + "Upload-Length, Upload-Metadata, Upload-Expires, Content-Range, Content-Disposition, ETag, Accept-Ranges",
            optionsFields: fields)
    }
}
