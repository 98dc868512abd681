# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The page for documents as its tests see it: one tab of one person."""

import json
import time
import urllib.parse

# The lines as they are shown: [kind, [[text, marks]…]]
LINES = """() => [...document.getElementById('text').children].map(line => {
    const runs = [...line.childNodes].filter(node => node.nodeName !== 'BR').map(node => {
        const names = []
        let inner = node
        for (; inner.nodeType !== Node.TEXT_NODE; inner = inner.firstChild) names.push(inner.nodeName.toLowerCase())
        return [inner.data, names.join(' ')]
    })
    return [line.dataset.kind, runs]
})"""

PLAIN = """() => [...document.getElementById('text').children].map(line => line.textContent).join('\\n')"""

# Where the caret is, in letters of its line, and in which line
CARET = """() => {
    const { focusNode, focusOffset } = getSelection()
    const lines = [...document.getElementById('text').children]
    const line = lines.findIndex(one => one.contains(focusNode))
    if (line < 0) return null
    const range = document.createRange()
    range.setStart(lines[line], 0)
    range.setEnd(focusNode, focusOffset)
    return [line, range.toString().length]
}"""


class DocumentTab:
    def __init__(self, browser, url, document, name=None, size=None, colour=None, **options):
        self.name = name
        self.tab = browser.open(**options)
        self.page = self.tab.page
        if size:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
        if colour:
            me = json.dumps(json.dumps({"name": name, "color": colour}))
            self.page.add_init_script(f"localStorage.setItem('hibiki.documents.me', {me})")
        self.tab.goto(f"{url}/documents/#{urllib.parse.quote(document)}")
        self.wait_link("synchronised")
        if name:
            self.page.fill("#my-name", name)

    def close(self):
        self.tab.close()

    @property
    def context(self):
        return self.tab.context

    # Writing

    def write(self, text):
        """Types, where the caret is."""
        self.page.focus("#text")
        self.page.keyboard.type(text)

    def press(self, *keys):
        self.page.focus("#text")
        for key in keys:
            self.page.keyboard.press(key)

    def put_caret(self, line, offset):
        self.select(line, offset, line, offset)

    def select(self, line, offset, to_line, to_offset):
        self.page.focus("#text")
        self.tab.eval("""([line, offset, toLine, toOffset]) => {
            const point = (line, offset) => {
                const element = document.getElementById('text').children[line]
                const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    if (offset <= node.length) return [node, offset]
                    offset -= node.length
                }
                return [element, 0]
            }
            getSelection().setBaseAndExtent(...point(line, offset), ...point(toLine, toOffset))
        }""", [line, offset, to_line, to_offset])

    def tool(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    # What is seen

    def text(self):
        return self.tab.eval(PLAIN)

    def lines(self):
        return self.tab.eval(LINES)

    def caret(self):
        return self.tab.eval(CARET)

    def people(self):
        return sorted(self.tab.eval("[...document.querySelectorAll('#people li')].map(one => one.textContent)"))

    def flags(self):
        return sorted(self.tab.eval("[...document.querySelectorAll('#cursors .flag')].map(one => one.textContent)"))

    def pressed(self):
        """The names of the formats that the selection has."""
        return self.tab.eval(
            "[...document.querySelectorAll('.tools [aria-pressed=\"true\"]')].map(one => one.dataset.mark ?? one.dataset.kind)")

    # Waiting

    def wait_link(self, state, timeout=30):
        self.tab.wait("state => document.getElementById('server').dataset.link === state", timeout=timeout, arg=state)

    def wait_kept(self):
        self.tab.wait("document.getElementById('kept').dataset.state === 'kept'")

    def wait_text(self, text, timeout=20):
        # In the page: it may be one that is being loaded.
        self.tab.wait(f"text => ({PLAIN})() === text", timeout, text)

    def wait_lines(self, lines, timeout=20):
        self.until(lambda: self.lines() == lines, lambda: f"{json.dumps(self.lines())}, not {json.dumps(lines)}", timeout)

    def wait_people(self, *names, timeout=20):
        self.until(lambda: self.people() == sorted(names), lambda: f"here are {self.people()}, not {names}", timeout)

    def until(self, condition, what, timeout):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if condition():
                return
            self.tab.pause(0.05)
        raise AssertionError(f"not within {timeout} s: {what()}")
