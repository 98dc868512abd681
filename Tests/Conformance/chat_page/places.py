# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Rooms as places: what they are called and about, who is in them from the beginning, links into them, threads and wordings."""

from chat_page.talk import PHONE, SCREENSHOTS, Talk


class Places(Talk):
    def pair(self):
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        return ada, grace

    def test_settings(self):
        """an owner says what a room is called and about, and everybody sees it"""
        ada, grace = self.pair()
        ada.side("Name and topic")
        ada.page.fill("#about-name", f"{self.room}, renamed")
        ada.page.fill("#about-about", "Bells & whistles")
        ada.page.click(".about-form button")
        grace.wait_open(f"{self.room}, renamed")
        grace.tab.wait("document.getElementById('room-note').textContent === '2 people · Bells & whistles'")
        grace.page.click("#room-title")
        grace.tab.wait("document.getElementById('side-body').textContent.includes('Anybody may find and join it.')")
        self.assertEqual(grace.page.locator(".about-form").count(), 0)
        ada.page.fill("#about-about", "")
        ada.page.click(".about-form button")
        grace.tab.wait("document.getElementById('room-note').textContent === '2 people'")
        self.assertQuiet(ada, grace)

    def test_group(self):
        """a closed room begins with those whom one chooses, and nobody else finds it"""
        ada, grace = self.pair()
        other = self.enter("Other")
        closed = f"{self.room} closed"
        ada.begin(closed, is_public=False, members=["Grace"])
        grace.page.locator("#rooms .room", has_text=closed).wait_for()
        ada.say("only us")
        grace.open(closed)
        grace.wait_texts(["only us"])
        other.page.click("#new")
        other.page.locator("#public button", has_text=self.room).first.wait_for()
        self.assertNotIn(closed, other.page.locator("#public").inner_text())
        self.assertQuiet(ada, grace, other)

    def test_wordings(self):
        """earlier wordings of a message are shown to whoever asks"""
        ada, grace = self.pair()
        ada.say("first")
        for earlier, later in (("first", "second"), ("second", "third")):
            ada.tool(earlier, "Edit")
            ada.say(later)
            grace.wait_texts([later])
        grace.page.click("[data-action=edits]")
        grace.tab.wait("document.querySelectorAll('#edits-list .content').length === 3")
        self.assertEqual(grace.page.locator("#edits-list .content").all_inner_texts(), ["third", "second", "first"])
        grace.tab.screenshot(SCREENSHOTS / "chat-wordings.png")
        grace.page.keyboard.press("Escape")
        ada.tool("third", "Earlier wordings")
        ada.tab.wait("document.getElementById('edits').open")
        self.assertQuiet(ada, grace)

    def test_thread_tools(self):
        """the messages of a thread have the same tools as those of the room"""
        ada, grace = self.pair()
        ada.say("root")
        grace.wait_text("root")
        grace.tool("root", "Thread")
        grace.page.locator(".answer textarea").press_sequentially("@Ad")
        grace.page.press(".answer textarea", "Enter")
        self.assertEqual(grace.page.input_value(".answer textarea"), "@Ada ")
        grace.page.fill(".answer textarea", "leaf")
        grace.page.press(".answer textarea", "Enter")
        leaf = grace.page.locator(".thread .message", has_text="leaf")
        leaf.wait_for()
        leaf.focus()
        grace.page.keyboard.press("e")
        grace.page.keyboard.type("party")
        grace.page.keyboard.press("Enter")
        grace.tab.wait("document.querySelector('.thread .reactions button')?.textContent === '🎉 1'")
        leaf.locator(".tools [aria-label='More']").click()
        grace.choose("Delete")
        grace.page.click("#sure-yes")
        leaf.wait_for(state="detached")
        ada.wait_text("This message was deleted.")
        self.assertQuiet(ada, grace)

    def test_address(self):
        """a link to a message goes to it, Back to the room before, and an address to a room asks before it joins"""
        ada, grace = self.pair()
        first = ada.tab.eval("location.href")
        for number in range(60):
            ada.say(f"line {number}")
        ada.wait_states(["Read by Grace"])
        ada.begin(f"{self.room} b")
        ada.tab.wait("first => location.href !== first", arg=first)
        ada.page.go_back()
        ada.wait_open(self.room)
        grace.tab.goto(f"{first}/3")
        grace.tab.wait("document.activeElement.querySelector('.content')?.textContent === 'line 2'")
        other = self.enter("Other", address=first)
        other.tab.wait("document.getElementById('sure').open")
        other.page.click("#sure-yes")
        other.wait_open(self.room)
        self.assertQuiet(ada, grace, other)

    def test_back_on_a_phone(self):
        """Back goes from a room to the rooms on a telephone"""
        ada = self.enter("Ada", size=PHONE)
        ada.begin(self.room)
        ada.page.go_back()
        ada.tab.wait("document.getElementById('chat').dataset.pane === 'rooms'")
        ada.page.go_forward()
        ada.tab.wait("document.getElementById('chat').dataset.pane === 'talk'")
        self.assertQuiet(ada)
