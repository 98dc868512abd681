# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the page shows: a long history, what would do harm, files, and on every screen; and its keys."""

import pathlib
import random
import struct
import zlib

from chat_page.talk import PHONE, SCREENSHOTS, Talk

HARMFUL = "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script> javascript:alert(1)"


def png(width, height):
    """A picture of noise, which does not get smaller."""
    noise = random.Random(1)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + noise.randbytes(3 * width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))


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
