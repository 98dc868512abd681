# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""People talk on the chat page, in real browsers, over networks that break."""

import itertools
import pathlib
import random
import struct
import zlib

from chat_page.room_tab import ChatTab
from clients.browser import Browser
from clients.link import Link
from support.case import ServerCase
from support.server import ROOT

TIMEOUT = 400
CLIENTS = True

SCREENSHOTS = ROOT / ".build" / "screenshots"
PHONE = (360, 740)
rooms = itertools.count(1)
HARMFUL = "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script> javascript:alert(1)"


def png(width, height):
    """A picture of noise, which does not get smaller."""
    noise = random.Random(1)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + noise.randbytes(3 * width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))


class Talk(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser(size=(1280, 800))
        cls.addClassCleanup(cls.browser.close)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def setUp(self):
        super().setUp()
        self.room = f"workshop {next(rooms)}"

    def link(self):
        link = Link(self.server.port)
        self.addCleanup(link.close)
        return link

    def enter(self, name=None, link=None, **options):
        port = link.port if link else self.server.port
        tab = ChatTab(self.browser, f"http://127.0.0.1:{port}", name, **options)
        self.addCleanup(tab.close)
        return tab

    def assertQuiet(self, *tabs, were_cut=False):
        """Not an error on the console, but for what a browser itself says of connections that were cut."""
        for one in tabs:
            errors = [message for message in one.tab.errors if not (
                were_cut and message.type == "error"
                and message.text.startswith(("Failed to load resource: net::", "WebSocket connection to")))]
            self.assertEqual(errors, [], one.name)
            refused = [request for request in one.tab.requests if (request.status or 0) >= 400]
            self.assertEqual(refused, [], one.name)


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


class Page(Talk):
    def test_history(self):
        """a long history is scrolled both ways, keeps its place, and is never whole in the page"""
        ada = self.enter("Ada")
        ada.begin(self.room)
        ada.tab.eval("""async count => {
            const { token } = JSON.parse(localStorage.getItem('hibiki.chat.guest'))
            const room = decodeURIComponent(location.hash.slice(1))
            for (let number = 1; number <= count; number += 1) {
                const answer = await fetch(`/v1/rooms/${room}/messages`, {
                    method: 'POST', body: JSON.stringify({ content: `line ${number}` }),
                    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
                })
                if (!answer.ok) throw new Error(await answer.text())
            }
        }""", 400)
        ada.wait_text("line 400", timeout=30)
        phone = self.enter(context=ada.context, size=PHONE)
        phone.open(self.room)
        phone.wait_text("line 400")
        moved = phone.tab.eval("""async () => {
            const history = document.getElementById('history')
            const rows = () => [...document.querySelectorAll('#messages .message')]
            const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
            const end = Date.now() + 60000
            let most = 0, worst = 0
            while (!rows().some(row => row.querySelector('.content').textContent === 'line 1')) {
                if (Date.now() > end) throw new Error('the oldest did not come')
                history.scrollTop -= 300
                await frame()
                const top = history.getBoundingClientRect().top
                const seen = rows().find(row => row.getBoundingClientRect().bottom > top)
                const [before, scrolled] = [seen.getBoundingClientRect().top, history.scrollTop]
                const count = rows().length
                for (let turn = 0; turn < 20 && (history.scrollTop === 0 || turn < 3); turn += 1) await frame()
                const kept = document.querySelector(`[data-key="${CSS.escape(seen.dataset.key)}"]`)
                if (kept && scrolled > 0) worst = Math.max(worst, Math.abs(kept.getBoundingClientRect().top - before))
                most = Math.max(most, rows().length)
            }
            return { most, worst }
        }""")
        self.assertLessEqual(moved["most"], 200)
        self.assertLessEqual(moved["worst"], 2)
        phone.page.click("#to-newest")
        phone.wait_text("line 400")
        self.assertLessEqual(len(phone.texts()), 200)
        self.assertQuiet(ada, phone)

    def test_harmless(self):
        """names, rooms and messages are shown as they were written, and do nothing"""
        ada, grace = self.enter("<b>Ada</b>"), self.enter("Grace")
        self.room = f"<i>{self.room}</i>"
        ada.begin(self.room)
        grace.join(self.room)
        ada.say(HARMFUL)
        grace.wait_texts([HARMFUL])
        ada.say("https://example.org/?a=1&b=<x> and mailto:ada@example.org")
        grace.tab.wait("document.querySelectorAll('.content a').length === 2")
        links = grace.tab.eval(
            "[...document.querySelectorAll('.content a')].map(a => [a.href, a.rel.includes('noopener')])")
        self.assertEqual(links, [["https://example.org/?a=1&b=", True], ["mailto:ada@example.org", True]])
        made = "#chat b:not(.mention), #chat i, #messages img, #messages script"
        self.assertEqual(grace.tab.eval("made => document.querySelectorAll(made).length", made), 0)
        self.assertNotIn("harmed", grace.tab.eval("document.title"))
        self.assertQuiet(ada, grace)

    def test_files(self):
        """a picture and a text are chosen, uploaded through cuts, sent, seen and downloaded"""
        link = self.link()
        ada, grace = self.enter("Ada", link), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        link.slow(rate=400_000)
        picture, text = png(640, 400), b"the bells ring\n" * 40
        ada.page.set_input_files("#files", [
            {"name": "bells.png", "mimeType": "image/png", "buffer": picture},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": text}])
        for _ in range(2):
            ada.tab.wait("[...document.querySelectorAll('#uploads progress')].some(bar => bar.value > 0 && bar.value < bar.max)")
            link.cut()
        ada.say("look at these")
        ada.tab.wait("document.getElementById('send').textContent === 'Uploading'")
        link.slow(rate=0)
        grace.wait_text("look at these")
        grace.tab.wait("document.querySelector('.attachment img')?.naturalWidth > 0", timeout=30)
        self.assertEqual(grace.tab.eval("[...document.querySelectorAll('.attachment')].map(one => one.title.split(',')[0])"),
                         ["bells.png", "notes.txt"])
        with grace.page.expect_download() as download:
            grace.page.click(".attachment:has-text('notes.txt')")
        self.assertEqual(pathlib.Path(download.value.path()).read_bytes(), text)
        grace.tab.screenshot(SCREENSHOTS / "chat-files.png")
        self.assertQuiet(ada, grace, were_cut=True)

    def test_keyboard(self):
        """everything is done from the keyboard, and a message that changes meanwhile keeps one's place"""
        ada, grace = self.enter("Ada"), self.enter("Grace")
        keyboard = ada.page.keyboard
        keyboard.press("n")
        keyboard.type(self.room)
        keyboard.press("Enter")
        ada.wait_open(self.room)
        grace.join(self.room)
        for text in ("one", "two", "three"):
            keyboard.type(text)
            keyboard.press("Enter")
        ada.wait_texts(["one", "two", "three"])
        keyboard.press("Escape")
        ada.page.focus("#history")
        for _ in range(2):
            keyboard.press("ArrowUp")
        keyboard.press("e")
        ada.tab.wait("document.getElementById('picker').open")
        grace.wait_texts(["one", "two", "three"])
        grace.page.focus("#history")
        for key in ("ArrowUp", "ArrowUp", "e", "ArrowDown", "Enter"):
            grace.page.keyboard.press(key)
        ada.tab.wait("document.querySelector('.reactions')?.closest('.message').textContent.includes('two')")
        keyboard.press("ArrowDown")
        keyboard.press("ArrowRight")
        keyboard.press("Enter")
        ada.tab.wait("document.querySelectorAll('.reactions button').length === 2")
        keyboard.press("r")
        keyboard.type("an answer")
        keyboard.press("Enter")
        ada.tab.wait("document.querySelector('.quote')?.textContent.includes('two')")
        keyboard.press("ArrowUp")
        ada.tab.wait("document.getElementById('text').value === 'an answer'")
        keyboard.type(", bettered")
        keyboard.press("Enter")
        ada.wait_text("an answer, bettered")
        keyboard.press("Escape")
        keyboard.press("?")
        ada.tab.wait("document.getElementById('keys').open && document.querySelectorAll('#keys-list div').length > 10")
        ada.tab.screenshot(SCREENSHOTS / "chat-keys.png")
        self.assertQuiet(ada, grace)

    def test_search(self):
        """a message is found by its words and by who wrote it, and is gone to"""
        ada, grace = self.enter("Ada"), self.enter("Grace")
        ada.begin(self.room)
        grace.join(self.room)
        ada.say("the resonance of bells")
        grace.wait_text("the resonance of bells")
        grace.say("resonance again")
        ada.wait_text("resonance again")
        ada.page.click("#show-search")
        for query, count in ((f'resonance in:"{self.room}"', 2), (f'resonance from:me in:"{self.room}"', 1)):
            ada.page.fill("#side input", query)
            ada.tab.wait("count => document.querySelectorAll('.hit').length === count", timeout=20, arg=count)
        ada.tab.screenshot(SCREENSHOTS / "chat-search.png")
        ada.page.fill("#side input", "has:everything")
        ada.tab.wait("document.querySelector('#side-body [role=status]').textContent.startsWith('has: knows')")
        self.assertQuiet(ada, grace)

    def test_screenshots(self):
        """the page fits a wide and a narrow screen, in light and in dark"""
        grace = self.enter("Grace Hopper")
        grace.begin(self.room)
        address = "https://example.org/a/rather/long/address/that/has/to/be/broken/somewhere?q=1"
        for text in ("Good morning.", f"Look at {address}", "`code` too"):
            grace.say(text)
        for scheme in ("light", "dark"):
            for size in ((1280, 800), PHONE):
                with self.subTest(scheme=scheme, width=size[0]):
                    ada = self.enter("Ada", size=size, color_scheme=scheme)
                    ada.tab.screenshot(SCREENSHOTS / f"chat-rooms-{scheme}-{size[0]}.png")
                    ada.join(self.room)
                    ada.say("What a fine place to talk, even where there is not much of it.")
                    ada.wait_text("What a fine place to talk, even where there is not much of it.")
                    ada.tab.screenshot(SCREENSHOTS / f"chat-{scheme}-{size[0]}.png")
                    self.assertLessEqual(ada.tab.eval("document.documentElement.scrollWidth"), size[0])
                    self.assertQuiet(ada)
