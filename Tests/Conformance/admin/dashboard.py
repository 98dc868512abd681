# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The dashboard as its tests see it."""

ROWS = """table => [...document.querySelectorAll(`${table} tbody tr`)].map(row =>
    Object.fromEntries([...row.children].map(cell => [cell.dataset.title, cell.textContent])))"""

FOCUSED = """(document.activeElement.matches('input, select') ? document.activeElement.id
    : document.activeElement.textContent.trim())"""


class Dashboard:
    def __init__(self, browser, url, **options):
        self.tab = browser.open(f"{url}/admin/", **options)
        self.page = self.tab.page
        self.tab.wait("!document.getElementById('login').hidden || !document.getElementById('tabs').hidden")

    def close(self):
        self.tab.close()

    def login(self, password):
        self.page.fill("#password", password)
        self.page.click("#login button")
        self.tab.wait("!document.getElementById('tabs').hidden")
        self.wait_live()

    def wait_live(self, timeout=20):
        self.tab.wait("document.getElementById('server').dataset.state === 'open'", timeout=timeout)

    def wait_login(self, timeout=20):
        self.tab.wait("!document.getElementById('login').hidden", timeout=timeout)

    def show(self, view):
        self.page.click(f"#tabs [data-key={view}]")
        self.tab.wait("view => document.querySelector('#tabs [aria-current]')?.dataset.key === view", arg=view)

    # What it shows

    @property
    def heading(self):
        return self.tab.eval("document.querySelector('#view h1')?.textContent")

    def wait_heading(self, text):
        self.tab.wait("text => document.querySelector('#view h1')?.textContent === text", arg=text)

    def rows(self, place="#view"):
        """The rows of a table, each as a dictionary by the titles of its columns."""
        return self.tab.eval(ROWS, place)

    def wait_rows(self, wanted, place="#view", timeout=10):
        """Waits until `wanted(rows)` holds, and gives them."""
        ends = timeout / 0.05
        while True:
            rows = self.rows(place)
            if wanted(rows):
                return rows
            ends -= 1
            if ends < 0:
                raise AssertionError(f"waited in vain for rows; last: {rows[:5]}")
            self.tab.pause(0.05)

    def text(self, selector):
        return self.tab.eval("selector => document.querySelector(selector)?.innerText ?? ''", selector)

    def wait_text(self, selector, text, timeout=10):
        self.tab.wait(
            "([selector, text]) => (document.querySelector(selector)?.innerText ?? '').includes(text)",
            timeout=timeout, arg=[selector, text])

    def chart(self, title):
        """The text for who cannot see a chart, and the path of its first line."""
        return self.tab.eval("""title => {
            const chart = [...document.querySelectorAll('.chart')].find(one => one.querySelector('h2').textContent === title)
            return [chart.querySelector('.plot').getAttribute('aria-label'), chart.querySelector('.line').getAttribute('d'),
                chart.querySelector('.figure').textContent]
        }""", title)

    def focused(self):
        """The text of what has the focus, or its id if it is a field."""
        return self.tab.eval(FOCUSED)

    def wait_focused(self, name):
        self.tab.wait(f"name => {FOCUSED} === name", arg=name)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
