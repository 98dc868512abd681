# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Several write in one document at the same time."""

import random

from documents_page.case import PHONE, SEED, Desk


class Writing(Desk):
    def test_what_one_writes_all_read(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.write("Hello\nworld")
        grace.wait_text("Hello\nworld")
        grace.press("Control+End")
        grace.write("!")
        ada.wait_text("Hello\nworld!")
        self.assert_quiet(ada, grace)

    def test_three_write_at_the_same_time_through_cuts_and_nothing_is_lost(self):
        links = [self.link() for _ in range(3)]
        ada, grace = self.enter("Ada", links[0]), self.enter("Grace", links[1])
        phone = self.enter("Lin", links[2], size=PHONE)
        ada.write("one\ntwo\nthree")
        for tab in (grace, phone):
            tab.wait_text("one\ntwo\nthree")
        for line, tab in enumerate((ada, grace, phone)):
            tab.put_caret(line, len(("one", "two", "three")[line]))
        chance = random.Random(SEED)
        written = [[], [], []]
        for turn in range(24):
            who = turn % 3
            word = f" {'agp'[who]}{turn}"
            written[who].append(word)
            (ada, grace, phone)[who].write(word)
            if chance.random() < 0.3:
                chance.choice(links).cut()
        expected = "\n".join(
            first + "".join(words) for first, words in zip(("one", "two", "three"), written))
        for tab in (ada, grace, phone):
            tab.wait_text(expected, timeout=60)
        self.assert_same(ada, grace, phone)
        self.assert_quiet(ada, grace, phone, were_cut=True)

    def test_random_writing_of_three_comes_to_the_same_through_cuts(self):
        chance = random.Random(SEED)
        links = [self.link() for _ in range(2)]
        tabs = [self.enter("Ada", links[0]), self.enter("Grace", links[1]), self.enter("Lin", links[1], size=PHONE)]
        for _ in range(70):
            tab = chance.choice(tabs)
            what = chance.random()
            if what < 0.45:
                tab.write(chance.choice(["a", "stone ", "é", "👩‍🚀", "bell\n", "x "]))
            elif what < 0.7:
                tab.press(chance.choice(["Backspace", "Delete", "ArrowLeft", "ArrowUp", "Home", "End", "Control+Backspace",
                                         "Control+z", "Control+Shift+z", "Enter", "Shift+ArrowLeft", "Control+a"]))
            elif what < 0.9:
                tab.press("Shift+Home")
                tab.tool(chance.choice(["Bold", "Italic", "Title", "Heading", "Bulleted list", "Numbered list"]))
                tab.press("ArrowRight")
            else:
                chance.choice(links).cut()
        for tab in tabs:
            tab.wait_link("synchronised")
        self.assertTrue(self.assert_same(*tabs))
        late = self.enter("Late")
        self.assert_same(*tabs, late)
        self.assert_quiet(*tabs, late, were_cut=True)

    def test_a_caret_stays_at_its_words_when_others_write_before_it(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.write("first\nsecond")
        grace.wait_text("first\nsecond")
        grace.put_caret(1, 3)
        ada.put_caret(0, 0)
        ada.write("new line\nand the ")
        grace.wait_text("new line\nand the first\nsecond")
        self.assertEqual(grace.caret(), [2, 3])
        grace.write("-")
        ada.wait_text("new line\nand the first\nsec-ond")
        ada.put_caret(2, 1)
        ada.write("oh")
        grace.wait_text("new line\nand the first\nsohec-ond")
        self.assertEqual(grace.caret(), [2, 6])
        self.assertEqual(ada.caret(), [2, 3])
        self.assert_quiet(ada, grace)

    def test_a_selection_stays_on_its_words(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.write("the bells ring")
        grace.wait_text("the bells ring")
        grace.select(0, 4, 0, 9)
        ada.put_caret(0, 0)
        ada.write("hear ")
        grace.wait_text("hear the bells ring")
        self.assertEqual(grace.tab.eval("getSelection().toString()"), "bells")
