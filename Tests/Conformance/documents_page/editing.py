# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Formats, input methods, the clipboard and undo."""

from documents_page.case import Desk


class Editing(Desk):
    def test_formats_of_several_come_to_the_same(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.write("Plan\nbuy bread\nand milk\nsoon")
        grace.wait_text("Plan\nbuy bread\nand milk\nsoon")
        ada.put_caret(0, 2)
        ada.tool("Title")
        grace.select(1, 0, 2, 8)
        grace.tool("Bulleted list")
        ada.select(3, 0, 3, 4)
        ada.press("Control+b")
        grace.select(3, 2, 3, 4)
        grace.tool("Italic")
        lines = [["h1", [["Plan", ""]]], ["bullet", [["buy bread", ""]]], ["bullet", [["and milk", ""]]],
                 ["p", [["so", "strong"], ["on", "strong em"]]]]
        for tab in (ada, grace):
            tab.wait_lines(lines)
        self.assertEqual(grace.pressed(), ["bold", "italic"])
        grace.tool("Italic")
        lines[3] = ["p", [["soon", "strong"]]]
        for tab in (ada, grace):
            tab.wait_lines(lines)
        self.assert_quiet(ada, grace)

    def test_undo_takes_back_what_one_wrote_oneself(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.write("mine")
        grace.wait_text("mine")
        grace.press("Control+End")
        grace.write(" and yours")
        ada.wait_text("mine and yours")
        ada.press("Control+z")
        grace.wait_text(" and yours")
        ada.press("Control+Shift+z")
        grace.wait_text("mine and yours")
        self.assertTrue(ada.page.locator("#redo").is_disabled())
        self.assert_quiet(ada, grace)


    def test_what_an_input_method_composes_is_taken_over_while_others_write(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.write("sound: \nend")
        grace.wait_text("sound: \nend")
        grace.put_caret(0, 7)
        grace.tab.cdp.send("Input.imeSetComposition", {"text": "ひびk", "selectionStart": 3, "selectionEnd": 3})
        ada.put_caret(0, 0)
        ada.write("a ")
        grace.tab.cdp.send("Input.imeSetComposition", {"text": "響き", "selectionStart": 2, "selectionEnd": 2})
        self.assertEqual(ada.text(), "a sound: \nend")
        grace.tab.cdp.send("Input.insertText", {"text": "響き"})
        for tab in (ada, grace):
            tab.wait_text("a sound: 響き\nend")
        self.assertEqual(grace.caret(), [0, 11])
        grace.write("!")
        ada.wait_text("a sound: 響き!\nend")
        self.assert_quiet(ada, grace)

    def test_a_paste_is_plain_text_and_a_copy_has_its_lines(self):
        context = self.browser.context(permissions=["clipboard-read", "clipboard-write"])
        self.addCleanup(context.close)
        ada = self.enter("Ada", context=context)
        ada.tab.eval("""() => navigator.clipboard.write([new ClipboardItem({
            'text/plain': new Blob(['one\\r\\ntwo'], { type: 'text/plain' }),
            'text/html': new Blob(['<h1>one</h1><img src=x>'], { type: 'text/html' }) })])""")
        ada.press("Control+v")
        ada.wait_lines([["p", [["one", ""]]], ["p", [["two", ""]]]])
        ada.press("Control+a", "Control+x")
        ada.wait_text("")
        self.assertEqual(ada.tab.eval("navigator.clipboard.readText()"), "one\ntwo")
        self.assert_quiet(ada)

    def test_enter_and_backspace_at_the_ends_of_headings_and_lists(self):
        ada = self.enter("Ada")
        ada.write("Title")
        ada.press("Control+Alt+1", "End", "Enter")
        ada.write("text")
        ada.tool("Numbered list")
        ada.press("Enter")
        ada.write("more")
        lines = [["h1", [["Title", ""]]], ["ordered", [["text", ""]]], ["ordered", [["more", ""]]], ["p", []]]
        ada.wait_lines(lines)
        ada.press("Enter", "Enter")
        ada.wait_lines([*lines[:3], ["p", []], ["p", []]])
        ada.press("Backspace", "Home", "Backspace")
        ada.wait_lines([*lines[:2], ["p", [["more", ""]]], ["p", []]])
        ada.press("Backspace")
        ada.wait_lines([lines[0], ["ordered", [["textmore", ""]]], ["p", []]])
        self.assert_quiet(ada)
