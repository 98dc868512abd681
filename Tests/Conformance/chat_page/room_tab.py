# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The chat page as its tests see it: one tab of one person."""

import time

TEXTS = """() => [...document.querySelectorAll('#messages .message .content')].map(content => content.textContent)"""


class ChatTab:
    """A tab on the chat. With `name`, the person says it and enters; without, the tab's profile knows it."""

    def __init__(self, browser, url, name=None, size=None, address=None, query="", **options):
        self.name = name
        self.tab = browser.open(**options)
        self.page = self.tab.page
        if size:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.tab.goto(address or f"{url}/chat/{query}")
        if name:
            self.tab.wait("!document.getElementById('entry').hidden")
            self.page.fill("#name", name)
            self.page.press("#name", "Enter")
        self.wait_live()

    def wait_live(self):
        self.tab.wait(
            "!document.getElementById('chat').hidden"
            " && document.getElementById('server').dataset.state === 'open'", timeout=30)

    def close(self):
        self.tab.close()

    @property
    def context(self):
        return self.tab.context

    # Rooms

    def begin(self, name, is_public=True, members=()):
        """Begins a room."""
        self.page.click("#new")
        self.page.set_checked("#room-public", is_public)
        for member in members:
            self.page.locator("#room-people label", has_text=member).first.click()
        self.page.fill("#room-name", name)
        self.page.press("#room-name", "Enter")
        self.wait_open(name)

    def join(self, name):
        """Joins a public room that the dialog shows."""
        self.page.click("#new")
        self.page.locator("#public button", has_text=name).first.click()
        self.wait_open(name)

    def talk_to(self, name):
        self.page.click("#new")
        self.page.locator("#people button", has_text=name).first.click()
        self.wait_open(name)

    def show_rooms(self):
        """On a narrow page, from the room back to the list."""
        if self.page.locator("#back").is_visible():
            self.page.click("#back")

    def open(self, name):
        self.show_rooms()
        self.page.locator("#rooms .room", has_text=name).first.click()
        self.wait_open(name)

    def wait_open(self, name):
        self.tab.wait(
            "name => document.getElementById('room-title').textContent === name"
            " && document.getElementById('older').textContent !== 'Loading'", timeout=20, arg=name)

    def unread(self, name):
        """(unread, mentions) as the list shows them; None for a room that is not there."""
        return self.tab.eval("""name => {
            const rooms = [...document.querySelectorAll('#rooms .room')]
            const room = rooms.find(one => one.querySelector('.room-name').textContent === name)
            if (!room) return null
            const number = one => one ? Number(one.textContent.replace('@', '')) : 0
            return [number(room.querySelector('.badge:not(.mentions)')), number(room.querySelector('.badge.mentions'))]
        }""", name)

    def wait_unread(self, name, count, mentions=0, timeout=20):
        self._until(lambda: self.unread(name) == [count, mentions], lambda: f"{name}: {self.unread(name)}", timeout)

    # Messages

    def say(self, text):
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    def texts(self):
        return self.tab.eval(TEXTS)

    def wait_texts(self, texts, timeout=30):
        self._until(lambda: self.texts() == texts, lambda: f"shown {self.texts()}, not {texts}", timeout)

    def wait_text(self, text, timeout=20):
        self._until(lambda: text in self.texts(), lambda: f"{text!r} is not among {self.texts()[-5:]}", timeout)

    def message(self, text):
        content = self.page.locator(".content").get_by_text(text, exact=True)
        return self.page.locator("#messages .message").filter(has=content).last

    def tool(self, text, name):
        """Presses one of the buttons of a message, or chooses from its menu."""
        self.message(text).focus()
        button = self.message(text).locator(f".tools [aria-label='{name}']")
        if button.count():
            button.click()
        else:
            self.message(text).locator(".tools [aria-label='More']").click()
            self.choose(name)

    def choose(self, name):
        """Chooses from the menu that is open."""
        self.page.locator("#menu button").get_by_text(name, exact=True).click()

    def side(self, name):
        """Opens what the menu of the room has."""
        self.page.click("#room-more")
        self.choose(name)

    def about(self, name, action):
        """Chooses from the menu of somebody in the panel of the people, which it opens."""
        if not self.page.locator(".people").is_visible():
            self.page.click("#show-members")
        self.page.click(f"[aria-label='More about {name}']")
        self.choose(action)

    def people(self):
        """What the panel of the people says of each, by name."""
        return self.tab.eval("""() => Object.fromEntries([...document.querySelectorAll('.side .person')].map(person =>
            [person.querySelector('.who').firstChild.textContent, person.querySelector('.hint').textContent]))""")

    def wait_people(self, people, timeout=20):
        """Waits until the panel says this; None for somebody who is not in it."""
        def holds():
            shown = self.people()
            return all(shown.get(name) == about for name, about in people.items())
        self._until(holds, lambda: f"people {self.people()}, not {people}", timeout)

    def make_link(self):
        """Makes a link of those in the panel, and gives it."""
        count = self.page.locator(".links li").count()
        self.page.click(".link-form button")
        self.tab.wait("count => document.querySelectorAll('.links li').length > count", arg=count)
        return self.page.locator(".links .code").first.inner_text()

    def wait_silence(self, words, timeout=20):
        """Waits until the page says this in the place of the field, or has the field."""
        self.tab.wait("words => document.getElementById('silence').textContent === words"
                      " && document.getElementById('silence').hidden === (words === '')", timeout, words)

    def wait_notice(self, text, timeout=20):
        self.tab.wait("text => ['notice', 'problem'].some(id => !document.getElementById(id).hidden"
                      " && document.getElementById(id).textContent === text)", timeout, text)

    def states(self):
        """What became of one's own messages, as far as it is said."""
        return self.tab.eval("[...document.querySelectorAll('#messages .state')].map(state => state.textContent)")

    def wait_states(self, states, timeout=20):
        self._until(lambda: self.states() == states, lambda: f"states {self.states()}, not {states}", timeout)

    def typing(self):
        return self.tab.eval("document.getElementById('typing').textContent")

    def wait_typing(self, text, timeout=20):
        self._until(lambda: self.typing() == text, lambda: f"typing: {self.typing()!r}, not {text!r}", timeout)

    def _until(self, condition, what, timeout):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if condition():
                return
            self.tab.pause(0.05)
        raise AssertionError(f"not within {timeout} s: {what()}")
