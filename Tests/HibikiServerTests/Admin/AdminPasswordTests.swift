// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiServer

@Suite struct `The dashboard's password` {
    @Test func `is known again from what is kept of it, and no other is`() throws {
        let kept = try AdminPassword(hashing: "correct horse battery")
        #expect(kept.matches("correct horse battery"))
        #expect(!kept.matches("correct horse batterz"))
        #expect(!kept.matches("correct horse battery "))
        #expect(!kept.matches(""))
        #expect(try AdminPassword(kept.description) == kept)
    }

    @Test func `is kept as a hash with a salt of its own`() throws {
        let (one, other) = (
            try AdminPassword(hashing: "correct horse battery"), try AdminPassword(hashing: "correct horse battery")
        )
        #expect(one != other)
        #expect(one.description.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
        #expect(!one.description.contains("horse"))
    }

    @Test func `is what scrypt makes of it in other programs too`() throws {
        // python3: hashlib.scrypt(b"correct horse battery", salt=bytes(range(16)), n=1024, r=8, p=1, dklen=32)
        let kept = try AdminPassword(
            "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfAlYOWk")
        #expect(kept.matches("correct horse battery"))
        #expect(!kept.matches("correct horse battery!"))
    }

    @Test(arguments: ["", "eleven byte", String(repeating: "x", count: 1_025)])
    func `has a length that is worth something`(_ password: String) {
        #expect(throws: AdminPassword.Problem.self) { try AdminPassword(hashing: password) }
    }

    @Test(arguments: [
        "", "a password in the clear", "$scrypt$ln=15,r=8,p=3$AAECAwQFBgcICQoLDA0ODw$",
        "$scrypt$ln=15,r=8,p=3$$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "$scrypt$ln=99,r=8,p=3$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "$scrypt$ln=18,r=16,p=3$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "$scrypt$ln=1,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "$argon2id$ln=15,r=8,p=3$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "$scrypt$ln=15,r=8$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "$scrypt$ln=-5,r=8,p=3$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "x$scrypt$ln=15,r=8,p=3$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    ])
    func `is not read from anything else, and what was there is not quoted`(_ text: String) {
        let problem = #expect(throws: AdminPassword.Problem.self) { try AdminPassword(text) }
        #expect(problem?.description == "this is not what `hibiki admin-password` writes")
    }
}
