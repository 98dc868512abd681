# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Who looks away is shown as away, and online again when looking back."""

from chat_page.talk import Talk


class Away(Talk):
    def pair(self, **options):
        """Grace, and Ada who watches her in a direct room."""
        ada, grace = self.enter(f"Ada {self.room}"), self.enter(f"Grace {self.room}", **options)
        ada.begin(self.room)
        grace.join(self.room)
        ada.talk_to(grace.name)
        return ada, grace

    def wait_note(self, tab, words):
        tab.tab.wait("words => document.getElementById('room-note').textContent === words", timeout=60, arg=words)

    def test_idle(self):
        """whoever touches the page no longer is away, and online with the next touch"""
        ada, grace = self.pair(query="?idle=1")
        self.wait_note(ada, "away")
        grace.tab.wait("document.getElementById('my-avatar').dataset.status === 'away'")
        grace.page.keyboard.press("Shift")
        grace.tab.wait("document.getElementById('my-avatar').dataset.status === 'online'")
        self.assertQuiet(ada, grace)

    def test_public(self):
        """in a public room too it is seen who looks away"""
        ada, grace = self.enter("Ada"), self.enter("Grace", query="?idle=3")
        ada.begin(self.room)
        grace.join(self.room)
        ada.page.click("#show-members")
        ada.wait_people({"Grace": "away"}, timeout=60)
        # Not once only: whoever is away again before others are told is not told of.
        ada._until(lambda: grace.page.keyboard.press("Shift") or ada.people()["Grace"] == "online", ada.people, 60)
        self.assertQuiet(ada, grace)

    def test_hidden(self):
        """a hidden page is away, also on the connection that it makes anew, and online when it is shown"""
        link = self.link()
        ada, grace = self.pair(link=link, query="?hidden=0.1")
        self.wait_note(ada, "online")
        self.show(grace, False)
        self.wait_note(ada, "away")
        link.cut()
        grace.wait_live()
        grace_id = grace.tab.eval("JSON.parse(localStorage.getItem('hibiki.chat.guest')).userId")
        # As the server knows it, which tells others later.
        ada.tab.wait("""async id => {
            const { token } = JSON.parse(localStorage.getItem('hibiki.chat.guest'))
            const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
            const answer = await fetch('/v1/presence', { method: 'POST', headers, body: JSON.stringify({ userIds: [id] }) })
            return (await answer.json()).people[0].status === 'away'
        }""", arg=grace_id)
        self.show(grace, True)
        self.wait_note(ada, "online")
        self.assertQuiet(ada, grace, were_cut=True)

    def show(self, tab, is_shown):
        """A tab of a browser without a window is always in sight: the page is told otherwise."""
        tab.tab.eval("""isShown => {
            Object.defineProperty(document, 'hidden', { value: !isShown, configurable: true })
            document.dispatchEvent(new Event('visibilitychange'))
        }""", is_shown)
