// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import Testing

/// Expects an `OTError` with that code, and returns it.
@discardableResult
func expect(
    _ code: OTError.Code, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) -> OTError? {
    do {
        _ = try body()
        Issue.record("nothing was refused", sourceLocation: location)
    } catch let error as OTError {
        #expect(error.code == code, "\(error)", sourceLocation: location)
        return error
    } catch {
        Issue.record(error, sourceLocation: location)
    }
    return nil
}
