# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""People talk: over networks that break, on several devices, alone or together."""

from chat_page.talk import PHONE, SCREENSHOTS, Talk


class Conversation(Talk):
    def test_conversation(self):
        """two browsers and a phone hold a conversation through cuts: the same messages everywhere, in order, once"""
        first, second = self.link(), self.link()
        ada = self.enter("Ada", first)
        ada.begin(self.room)
        grace = self.enter("Grace", second)
        grace.join(self.room)
        phone = self.enter(link=second, context=grace.context, size=PHONE)
        phone.open(self.room)
        said = []
        for number in range(12):
            speaker, link = [(ada, first), (grace, second), (phone, second)][number % 3]
            said.append(f"sentence {number}")
            if number % 2:
                link.cut()
            speaker.say(said[-1])
            if number % 4 == 0:
                link.cut()
            # Whoever speaks next has heard this one, so that the order is known.
            [ada, grace, phone][(number + 1) % 3].wait_text(said[-1], timeout=40)
        for one in (ada, grace, phone):
            one.wait_texts(said, timeout=40)
        ada.tab.screenshot(SCREENSHOTS / "chat-conversation.png")
        phone.tab.screenshot(SCREENSHOTS / "chat-conversation-phone.png")
        self.assertQuiet(ada, grace, phone, were_cut=True)

    def test_receipts(self):
        """a message is sent, delivered and read, and says so"""
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.begin(self.room)
        ada.say("alone")
        ada.wait_states(["Sent"])
        grace.join(self.room)
        grace.wait_texts(["alone"])
        other = f"{self.room} b"
        grace.begin(other)
        ada.say("while you are elsewhere")
        ada._until(lambda: ada.states()[-1:] == ["Delivered"], ada.states, 20)
        grace.open(self.room)
        ada.wait_states(["Read by Grace"])
        self.assertQuiet(ada, grace)

    def test_unread(self):
        """what is unread is counted on all devices of a person, and read on all when it was read on one"""
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        grace.begin(f"{self.room} b")
        phone = self.enter(context=grace.context, size=PHONE)
        for text in ("one", "two", "@Grace three"):
            ada.say(text)
        for device in (grace, phone):
            device.wait_unread(self.room, 3, mentions=1)
        phone.tab.screenshot(SCREENSHOTS / "chat-unread-phone.png")
        grace.open(self.room)
        for device in (grace, phone):
            device.wait_unread(self.room, 0)
        ada.wait_states(["Read by Grace"])
        self.assertQuiet(ada, grace, phone)

    def test_typing(self):
        """who types is seen to type on all devices of the others, and no longer when the keys rest"""
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        phone = self.enter(context=grace.context, size=PHONE)
        phone.open(self.room)
        ada.page.locator("#text").press_sequentially("hel")
        for device in (grace, phone):
            device.wait_typing("Ada is typing")
        for device in (grace, phone):
            device.wait_typing("")
        ada.page.locator("#text").press_sequentially("lo")
        grace.wait_typing("Ada is typing")
        ada.page.press("#text", "Enter")
        grace.wait_texts(["hello"])
        grace.wait_typing("")
        self.assertQuiet(ada, grace, phone)

    def test_offline_queue(self):
        """what cannot be sent waits, survives a reload, and is sent once, in order, when the network is back"""
        link = self.link()
        ada, grace = self.enter("Ada", link), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        link.forbid(b"/messages HTTP/1.1\r\n")
        written = [f"written without a network {number}" for number in range(3)]
        for text in written:
            ada.say(text)
        ada._until(lambda: "Waiting for the network" in ada.states(), ada.states, 20)
        ada.tab.screenshot(SCREENSHOTS / "chat-offline.png")
        link.forbid(b"post /v1/rooms/")
        ada.page.reload()
        ada.wait_live()
        ada.open(self.room)
        ada.wait_texts(written)
        self.assertEqual(grace.texts(), [])
        link.forbid()
        grace.wait_texts(written, timeout=40)
        ada.wait_states(["Read by Grace"], timeout=40)
        self.assertEqual(ada.texts(), written)

    def test_actions(self):
        """replies, reactions, edits, pins, threads and deletions are seen by the others"""
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        ada.say("first")
        grace.wait_text("first")
        grace.tool("first", "Reply")
        grace.say("an answer")
        ada.tab.wait("document.querySelector('.quote')?.textContent.includes('first')")
        ada.tool("an answer", "React")
        ada.page.keyboard.type("party")
        ada.page.keyboard.press("Enter")
        grace.tab.wait("document.querySelector('.reactions button')?.textContent === '🎉 1'")
        grace.page.click(".reactions button")
        ada.tab.wait("document.querySelector('.reactions button')?.textContent === '🎉 2'")
        ada.tool("first", "Edit")
        ada.say("first, corrected")
        grace.wait_text("first, corrected")
        ada.tool("first, corrected", "Pin")
        grace.page.click("#show-pins")
        grace.tab.wait("document.querySelectorAll('.hit').length === 1")
        grace.tool("first, corrected", "Thread")
        grace.page.fill(".answer textarea", "below")
        grace.page.press(".answer textarea", "Enter")
        ada.tab.wait("document.querySelector('.replies')?.textContent === '1 reply'")
        grace.tab.wait("document.querySelectorAll('.thread .message').length === 2")
        grace.tab.screenshot(SCREENSHOTS / "chat-thread.png")
        grace.tool("an answer", "Delete")
        grace.page.click("#sure-yes")
        ada.wait_text("This message was deleted.")
        self.assertQuiet(ada, grace)

    def test_direct(self):
        """two people have one conversation of their own, in which presence is seen"""
        ada, grace = self.enter(f"Ada {self.room}"), self.enter(f"Grace {self.room}")
        ada.begin(self.room)
        grace.join(self.room)
        grace.talk_to(ada.name)
        grace.say("between us")
        ada.wait_unread(grace.name, 1)
        ada.open(grace.name)
        ada.wait_texts(["between us"])
        ada.tab.wait("document.getElementById('room-note').textContent === 'online'", timeout=20)
        grace.wait_states(["Read"])
        self.assertQuiet(ada, grace)
        grace.close()
        ada.tab.wait("document.getElementById('room-note').textContent === 'offline'", timeout=90)
