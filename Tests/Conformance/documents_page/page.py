# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Who is there, and the page around the text."""

from documents_page.case import PHONE, SCREENSHOTS, Desk
from support.server import Server

HARMFUL = "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script>"


class People(Desk):
    def test_names_and_carets_of_the_others_are_shown(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.write("the bells ring\nacross the water")
        grace.wait_text("the bells ring\nacross the water")
        ada.wait_people("Ada (you)", "Grace")
        grace.wait_people("Ada", "Grace (you)")
        grace.select(0, 4, 0, 9)
        ada.tab.wait("document.querySelectorAll('#cursors .selected').length === 1")
        self.assertEqual(ada.flags(), ["Grace"])
        self.wait_marked(ada, 4, 9)
        ada.put_caret(0, 0)
        ada.write("hear ")
        self.wait_marked(ada, 9, 14)
        grace.page.fill("#my-name", "Grace Hopper")
        ada.wait_people("Ada (you)", "Grace Hopper")
        grace.close()
        ada.wait_people("Ada (you)")
        ada.tab.wait("document.querySelector('#cursors').childElementCount === 0")
        self.assert_quiet(ada)

    def wait_marked(self, tab, start, end):
        """Until the selection of somebody else is painted over these letters of the first line."""
        tab.tab.wait("""([start, end]) => {
            const mark = document.querySelector('#cursors .selected').getBoundingClientRect()
            const range = document.createRange()
            const text = document.querySelector('#text > *').firstChild
            range.setStart(text, start)
            range.setEnd(text, end)
            const word = range.getBoundingClientRect()
            const distances = [mark.left - word.left, mark.right - word.right, mark.top - word.top]
            return distances.every(distance => Math.abs(distance) < 1)
        }""", arg=[start, end])

    def test_names_and_texts_do_nothing(self):
        ada, grace = self.enter("<b>Ada</b>"), self.enter("Grace")
        ada.write(HARMFUL)
        grace.wait_text(HARMFUL)
        grace.wait_people("<b>Ada</b>", "Grace (you)")
        self.assertEqual(grace.tab.eval("document.querySelectorAll('#desk b, #desk img, #desk script').length"), 0)
        self.assertNotIn("harmed", grace.tab.eval("document.title"))
        self.assert_quiet(ada, grace)


class Page(Desk):
    def test_a_page_without_yjs_says_what_to_do(self):
        with Server() as server:
            tab = self.browser.open(f"{server.url}/documents/")
            self.addCleanup(tab.close)
            tab.wait("!document.getElementById('missing').hidden")
            self.assertIn("--document-yjs yjs.js", tab.eval("document.getElementById('missing').textContent"))
            self.assertIn("/yjs/public/pad", tab.eval("document.getElementById('missing-address').textContent"))
            tab.screenshot(SCREENSHOTS / "documents-missing.png")

    def test_all_can_be_done_with_a_keyboard_and_has_a_label(self):
        ada = self.enter("Ada")
        names = ada.tab.eval("""() => [...document.querySelectorAll('button, input, [role=textbox]')]
            .filter(one => one.checkVisibility())
            .map(one => one.labels?.[0]?.textContent || one.getAttribute('aria-label') || one.textContent
                || document.getElementById(one.getAttribute('aria-labelledby'))?.textContent || '')""")
        self.assertEqual([name for name in names if not name.strip()], [])
        ada.write("bells")
        ada.press("Control+a")
        ada.page.locator("[data-mark=bold]").focus()
        ada.page.keyboard.press("Space")
        ada.wait_lines([["p", [["bells", "strong"]]]])
        ada.page.keyboard.press("Tab")
        self.assertEqual(ada.tab.eval("document.activeElement.dataset.mark"), "italic")
        ada.page.keyboard.press("Enter")
        ada.wait_lines([["p", [["bells", "strong em"]]]])
        ada.page.focus("#text")
        ada.page.keyboard.press("Tab")
        self.assertEqual(ada.tab.eval("document.activeElement.id"), "my-name")
        self.assert_quiet(ada)

    def test_pictures_of_the_page(self):
        self.document = "public/harvest festival"
        ada, grace = self.enter("Ada", colour="#1f74b5"), self.enter("Grace Hopper", colour="#3f7d2d")
        phone = self.enter("Lin", colour="#b8433a", size=PHONE)
        lines = ["Harvest festival", "Saturday, in the yard behind the mill. Bring a chair and somebody you like.",
                 "Who brings what", "bread and plum jam", "the long table", "two lanterns, and matches",
                 "The evening", "ring the bell at six", "soup before it is dark", "songs, as long as the lanterns burn"]
        ada.write("\n".join(lines))
        for tab in (grace, phone):
            tab.wait_text("\n".join(lines))
        for line, kind in enumerate(["Title", None, "Heading", *["Bulleted list"] * 3, "Heading", *["Numbered list"] * 3]):
            if kind:
                ada.put_caret(line, 0)
                ada.tool(kind)
        ada.select(1, 0, 1, 8)
        ada.tool("Bold")
        ada.select(1, lines[1].index("somebody"), 1, len(lines[1]) - 1)
        ada.tool("Italic")
        ada.put_caret(5, 12)
        grace.select(3, 10, 3, 18)
        phone.put_caret(9, len(lines[9]))
        for tab in (ada, grace, phone):
            tab.until(lambda tab=tab: len(tab.flags()) == 2, tab.flags, 20)
        shown = self.assert_same(ada, grace, phone)
        self.assertEqual([kind for kind, _ in shown],
                         ["h1", "p", "h2", *["bullet"] * 3, "h2", *["ordered"] * 3, "p"])
        for tab, name in ((ada, ""), (phone, "-phone")):
            for scheme in ("light", "dark"):
                tab.page.emulate_media(color_scheme=scheme)
                tab.tab.eval("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
                tab.tab.screenshot(SCREENSHOTS / f"documents{name}-{scheme}.png")
            self.assertEqual(tab.tab.eval("document.documentElement.scrollWidth - innerWidth"), 0)
        self.assert_quiet(ada, grace, phone)

    def test_a_new_document_is_one_click_away(self):
        ada = self.enter("Ada")
        ada.write("old")
        ada.tool("New document")
        ada.tab.wait("document.getElementById('name').textContent.match(/^public\\/[0-9a-z]{10}$/)")
        ada.wait_link("synchronised")
        self.assertEqual(ada.text(), "")
        ada.page.go_back()
        ada.wait_text("old")

    def test_the_link_is_copied(self):
        context = self.browser.context(permissions=["clipboard-read", "clipboard-write"])
        self.addCleanup(context.close)
        ada = self.enter("Ada", context=context)
        ada.tool("Copy link")
        ada.tab.wait("document.getElementById('announce').textContent !== ''")
        self.assertEqual(ada.tab.eval("navigator.clipboard.readText()"), ada.page.url)
