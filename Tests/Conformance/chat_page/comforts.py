# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What people are used to from other chats: marks in a text, going to a room by its name, links to messages, notifications."""

from chat_page.talk import PHONE, Talk


class Comforts(Talk):
    def pair(self, **options):
        ada, grace = self.enter("Ada Lovelace", **options), self.enter("Grace Hopper")
        ada.begin(self.room)
        grace.join(self.room)
        return ada, grace

    def test_marks(self):
        """what is marked as strong, struck, stressed or code is shown so, and a name of two words is a mention"""
        ada, grace = self.pair()
        ada.say("**strong** ~~struck~~ _stressed_ `code` @Grace-Hopper\n```swift\nlet a = **b**\n```\nend")
        grace.tab.wait("document.querySelectorAll('.content').length === 1")
        shown = [grace.page.locator(f".content {one}").all_inner_texts() for one in
                 ("strong", "s", "em", "> code", "b", "pre")]
        self.assertEqual(shown, [["strong"], ["struck"], ["stressed"], ["code"], ["@Grace Hopper"], ["let a = **b**"]])
        self.assertEqual(grace.tab.eval("document.querySelector('.message').hasAttribute('data-mention')"), True)
        self.assertQuiet(ada, grace)

    def test_switcher(self):
        """a room or a person is gone to by some letters, from the keyboard"""
        ada, grace = self.pair()
        ada.begin(f"{self.room} b")
        keyboard = ada.page.keyboard
        keyboard.press("Control+k")
        keyboard.type("hopper")
        keyboard.press("Enter")
        ada.wait_open("Grace Hopper")
        keyboard.press("Control+k")
        keyboard.type(self.room)
        keyboard.press("ArrowDown")
        keyboard.press("ArrowUp")
        keyboard.press("Enter")
        ada.tab.wait("room => document.getElementById('room-title').textContent.startsWith(room)", arg=self.room)
        self.assertQuiet(ada, grace)

    def test_copied_link(self):
        """the link of a message is copied, and leads to it"""
        ada, grace = self.pair()
        grace.context.grant_permissions(["clipboard-read", "clipboard-write"])
        for text in ("one", "two", "three"):
            ada.say(text)
            grace.wait_text(text)
        grace.tool("two", "Copy link")
        grace.wait_notice("The link is copied.")
        link = grace.tab.eval("navigator.clipboard.readText()")
        self.assertTrue(link.endswith("/2"), link)
        ada.tab.goto(link)
        ada.tab.wait("document.activeElement.querySelector('.content')?.textContent === 'two'")
        self.assertQuiet(ada, grace)

    def test_pinned(self):
        """the panel of what is pinned changes with it, and goes to a message"""
        ada, grace = self.pair()
        ada.say("keep this")
        grace.wait_text("keep this")
        grace.page.click("#show-pins")
        grace.tab.wait("document.querySelector('#side-body [role=status]').textContent === 'Nothing is pinned in this room.'")
        ada.tool("keep this", "Pin")
        grace.page.locator(".hit", has_text="keep this").click()
        grace.tab.wait("document.activeElement.querySelector('.content')?.textContent === 'keep this'")
        ada.tool("keep this", "Unpin")
        grace.tab.wait("document.querySelectorAll('.hit').length === 0")
        self.assertQuiet(ada, grace)

    def test_notification(self):
        """who wants it is notified of mentions while nobody looks at the page, and of nothing else"""
        ada, grace = self.pair()
        grace.tab.eval("""() => {
            window.told = []
            window.Notification = class {
                static permission = 'default'
                static async requestPermission() { return (this.permission = 'granted') }
                constructor(title, { body }) { window.told.push(`${title}: ${body}`) }
            }
        }""")
        grace.page.click("#notify")
        grace.tab.wait("document.getElementById('notify').textContent === 'Notifications: on'")
        ada.say("@Grace-Hopper while you look")
        grace.wait_text("@Grace Hopper while you look")
        grace.tab.eval("() => { document.hasFocus = () => false }")
        ada.say("to nobody")
        ada.say("@Grace-Hopper look here")
        grace.tab.wait("window.told.length > 0")
        self.assertEqual(grace.tab.eval("window.told"), [f"Ada Lovelace in {self.room}: @Grace-Hopper look here"])
        self.assertQuiet(ada, grace)

    def test_tools_on_a_phone(self):
        """the tools of a message lie over nothing on a telephone"""
        ada, grace = self.pair()
        ada.say("look at me")
        phone = self.enter("Phone", size=PHONE)
        phone.join(self.room)
        phone.message("look at me").click()
        box = phone.message("look at me").locator(".tools").bounding_box()
        text = phone.message("look at me").locator(".content").bounding_box()
        self.assertGreaterEqual(box["y"], text["y"] + text["height"])
        self.assertLessEqual(box["x"] + box["width"], PHONE[0])
        self.assertGreaterEqual(box["height"], 40)
        self.assertQuiet(ada, grace, phone)

    def test_emoji_and_mention(self):
        """an emoji and a name are put where the caret stands"""
        ada, grace = self.pair()
        grace.say("hello")
        ada.wait_text("hello")
        ada.page.fill("#text", "thanks ")
        ada.page.click("#emoji")
        ada.page.keyboard.type("party")
        ada.page.keyboard.press("Enter")
        ada.tab.wait("document.getElementById('text').value === 'thanks 🎉'")
        ada.message("hello").locator(".name").click()
        ada.choose("Mention in this room")
        ada.tab.wait("document.getElementById('text').value === 'thanks 🎉 @Grace-Hopper '")
        ada.page.press("#text", "Enter")
        grace.wait_text("thanks 🎉 @Grace Hopper")
        self.assertQuiet(ada, grace)
