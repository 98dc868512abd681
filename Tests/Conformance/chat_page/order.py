# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Who keeps order in a room: roles, mutes, bans, invitations and reports, as everybody sees them."""

from chat_page.talk import PHONE, SCREENSHOTS, Talk


class Order(Talk):
    def pair(self):
        """Ada, who owns the room, and Grace, who is in it."""
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        return ada, grace

    def test_roles(self):
        """an owner gives roles, the others see them at once, and may what they may"""
        ada, grace = self.pair()
        grace.say("mine")
        ada.wait_text("mine")
        ada.page.click("#show-members")
        ada.wait_people({"Ada": "owner, you", "Grace": "online"})
        grace.page.click("#show-members")
        grace.wait_people({"Ada": "owner, online", "Grace": "you"})
        self.assertEqual(grace.page.locator("[aria-label='More about Grace']").count(), 0)
        ada.about("Grace", "Moderator")
        grace.wait_people({"Grace": "moderator, you"})
        ada.say("hers")
        grace.wait_text("hers")
        grace.tool("hers", "Pin")
        ada.side("Pinned messages")
        ada.tab.wait("document.querySelectorAll('.hit').length === 1")
        ada.page.click("#show-members")
        ada.about("Grace", "Reader")
        grace.wait_silence("You may read here, and not write.")
        self.assertEqual(grace.page.locator("#composer").is_visible(), False)
        ada.about("Grace", "Member")
        grace.wait_silence("")
        grace.say("again")
        ada.wait_text("again")
        self.assertQuiet(ada, grace)

    def test_mute(self):
        """whoever is muted reads on and cannot write, until it is lifted"""
        ada, grace = self.pair()
        ada.about("Grace", "Mute")
        ada.page.select_option("#span-for", "ever")
        ada.page.click("#span-yes")
        grace.wait_silence("You are muted in this room: you may read, and not write.")
        ada.wait_people({"Grace": "muted, online"})
        ada.say("can you hear me?")
        grace.wait_text("can you hear me?")
        grace.page.reload()
        grace.wait_live()
        grace.wait_silence("You are muted in this room: you may read, and not write.")
        ada.about("Grace", "Let write again")
        grace.wait_silence("")
        grace.say("I can")
        ada.wait_text("I can")
        self.assertQuiet(ada, grace)

    def test_ban(self):
        """whoever is banned is told so, cannot come back, stands in the list, and is let in again"""
        ada, grace = self.pair()
        ada.about("Grace", "Ban")
        ada.page.click("#span button[value=no]")
        ada.wait_people({"Grace": "online"})
        ada.about("Grace", "Ban")
        ada.page.select_option("#span-for", "day")
        ada.page.click("#span-yes")
        grace.wait_notice(f"You were banned from {self.room}.")
        grace.tab.wait("document.getElementById('room-bar').hidden")
        ada.tab.wait("document.querySelector('.outside .hint')?.textContent.startsWith('banned until ')")
        ada.tab.screenshot(SCREENSHOTS / "chat-banned.png")
        grace.page.click("#new")
        grace.page.locator("#public button", has_text=self.room).first.click()
        grace.wait_notice("You are banned from this room.")
        ada.page.click("[aria-label='Let in again: Grace']")
        ada.tab.wait("document.querySelector('.outside').hidden")
        grace.tab.clear()
        grace.join(self.room)
        ada.wait_people({"Grace": "online"})
        self.assertQuiet(ada, grace)

    def test_kick(self):
        """whoever is taken out is told so, and may come back to a public room"""
        ada, grace = self.pair()
        ada.about("Grace", "Take out of the room")
        ada.page.click("#sure-yes")
        grace.wait_notice(f"You were taken out of {self.room}.")
        ada.wait_people({"Grace": None})
        self.assertTrue(ada.tab.eval("document.getElementById('side').contains(document.activeElement)"))
        grace.join(self.room)
        ada.wait_people({"Grace": "online"})
        self.assertQuiet(ada, grace)

    def test_refusal(self):
        """what the server refuses is said in words: the last owner has to stay"""
        ada, grace = self.pair()
        ada.side("Leave")
        ada.page.click("#sure-yes")
        ada.wait_notice("Make somebody else an owner first.")
        self.assertEqual(ada.tab.eval("document.getElementById('room-title').textContent"), self.room)
        ada.about("Grace", "Owner")
        ada.page.click("#sure-yes")
        ada.wait_people({"Grace": "owner, online"})
        ada.tab.clear()
        ada.side("Leave")
        ada.page.click("#sure-yes")
        ada.wait_notice(f"You have left {self.room}.")
        self.assertQuiet(grace)

    def test_link(self):
        """a link lets somebody into a closed room as often as it says, and not when it is revoked"""
        ada = self.enter("Ada")
        ada.begin(self.room, is_public=False)
        ada.side("Invite people")
        ada.page.select_option("[aria-label='For how many the link is']", "1")
        first, second = ada.make_link(), ada.make_link()
        grace = self.enter("Grace", address=first)
        grace.wait_open(self.room)
        self.assertNotIn(first.rpartition("/")[2], grace.page.url)
        ada.tab.wait("document.querySelectorAll('.links li').length === 2")
        late = self.enter("Late", address=first)
        late.wait_notice("No such room.")
        ada.page.locator(".links li", has_text=second).get_by_text("Revoke").click()
        ada.page.click("#sure-yes")
        ada.tab.wait("second => !document.querySelector('.links').textContent.includes(second)", arg=second)
        revoked = self.enter("Later", address=second)
        revoked.wait_notice("No such room.")
        self.assertQuiet(ada, grace)

    def test_invitation(self):
        """somebody is invited by name, sees it after a reload too, and says yes or no"""
        ada, grace = self.pair()
        closed, other = f"{self.room} closed", f"{self.room} other"
        for name in (closed, other):
            ada.begin(name, is_public=False)
            ada.side("Invite people")
            ada.page.click("[aria-label='Invite Grace']")
            grace.page.wait_for_selector(f"[aria-label='Join {name}']")
        grace.page.reload()
        grace.wait_live()
        grace.page.click(f"[aria-label='Join {closed}']")
        grace.wait_open(closed)
        grace.page.click(f"[aria-label='Say no to {other}']")
        grace.tab.wait("document.querySelectorAll('#invitations li').length === 0")
        ada.open(closed)
        ada.page.click("#show-members")
        ada.wait_people({"Grace": "online"})
        self.assertQuiet(ada, grace)

    def test_report(self):
        """a message is reported with a reason, and whoever keeps order finds it and goes to it"""
        ada, grace = self.pair()
        ada.say("harmless")
        for number in range(3):
            grace.say(f"buy bells {number}")
            ada.wait_text(f"buy bells {number}")
        reader = self.enter("Reader")
        reader.join(self.room)
        reader.tool("buy bells 1", "Report")
        reader.page.fill("#report-reason", "an advertisement")
        reader.tab.screenshot(SCREENSHOTS / "chat-report.png")
        reader.page.click("#report button[value=yes]")
        reader.wait_notice("Reported. Those who keep order here see it.")
        reader.page.click("#room-more")
        self.assertNotIn("Reports", reader.page.locator("#menu").inner_text())
        ada.side("Reports")
        hit = ada.page.locator(".hit", has_text="an advertisement")
        hit.wait_for()
        self.assertIn("Grace: buy bells 1", hit.inner_text())
        hit.click()
        ada.tab.wait("document.activeElement.querySelector('.content')?.textContent === 'buy bells 1'")
        ada.page.click("text=Dismiss")
        ada.wait_notice("The report is dismissed.")
        hit.wait_for(state="detached")
        ada.side("Pinned messages")
        ada.side("Reports")
        ada.page.locator("text=No report waits in this room.").wait_for()
        self.assertQuiet(ada, grace, reader)

    def test_phone(self):
        """the panels and menus of those who keep order fit a telephone"""
        ada = self.enter("Ada", size=PHONE, color_scheme="dark")
        ada.begin(self.room)
        grace = self.enter("Grace, whose name is long for telephones")
        grace.join(self.room)
        ada.page.click("#show-members")
        ada.page.click(f"[aria-label='More about {grace.name}']")
        ada.tab.screenshot(SCREENSHOTS / "chat-menu-phone.png")
        inside = "(() => { const box = document.getElementById('menu').getBoundingClientRect();" \
            " return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight })()"
        self.assertTrue(ada.tab.eval(inside))
        ada.page.click(f"[aria-label='More about {grace.name}']")
        self.assertFalse(ada.page.locator("#menu").is_visible())
        ada.page.click(f"[aria-label='More about {grace.name}']")
        ada.page.keyboard.press("Escape")
        self.assertEqual(ada.tab.eval("document.activeElement.getAttribute('aria-label')"),
                         f"More about {grace.name}")
        for panel in ("People", "Name and topic", "Invite people", "Reports"):
            if panel != "People":
                ada.page.click("#side-close")
                ada.side(panel)
            ada.tab.screenshot(SCREENSHOTS / f"chat-panel-{panel.split()[0].lower()}-phone.png")
            self.assertLessEqual(ada.tab.eval("document.documentElement.scrollWidth"), PHONE[0], panel)
            wide = "[...document.querySelectorAll('#side-body *')].filter(one => one.getBoundingClientRect().right > innerWidth)"
            self.assertEqual(ada.tab.eval(f"{wide}.map(one => one.outerHTML)"), [], panel)
        self.assertQuiet(ada, grace)
