# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The demo page as its tests see it: lanes, what they show, and the things that one can press."""

import urllib.parse


class Board:
    def __init__(self, browser, url, topic, **options):
        self.tab = browser.open(f"{url}/?topic={urllib.parse.quote(topic, safe='')}", **options)
        self.wait_all_open()

    def close(self):
        self.tab.close()

    def wait_all_open(self):
        self.tab.wait("""() => {
            const lanes = [...document.querySelectorAll('#lanes .lane')]
            return lanes.length === 4 && lanes.every(lane => lane.dataset.state === 'open')
        }""")

    def publish(self, text):
        self.tab.page.fill("#text", text)
        self.tab.page.press("#text", "Enter")
        self.wait_message("")

    def toggle(self, lane):
        """Presses the button that cuts a lane or brings it back, and waits until the lane says so."""
        cut = self.state(lane) == "cut"
        self.tab.page.click(f"#lanes [data-lane={lane}] .cut")
        self.wait_state(lane, "open" if cut else "cut")

    # What a lane shows

    def lanes(self):
        return self.tab.eval("[...document.querySelectorAll('#lanes .lane')].map(lane => lane.dataset.lane)")

    def state(self, lane):
        return self.tab.eval("lane => document.querySelector(`#lanes [data-lane=${lane}]`).dataset.state", lane)

    def texts(self, lane):
        """The events of a lane, oldest first."""
        return self.tab.eval(
            "lane => [...document.querySelectorAll(`#lanes [data-lane=${lane}] .list .text`)]"
            ".map(text => text.textContent).reverse()", lane)

    # Waiting

    def wait_state(self, lane, state):
        self.tab.wait(
            "([lane, state]) => document.querySelector(`#lanes [data-lane=${lane}]`).dataset.state === state",
            arg=[lane, state])

    def wait_for(self, lane, texts, timeout=15):
        """Waits until the lane shows as many events; they must be these, in this order."""
        self.wait_count(lane, len(texts), timeout)
        shown = self.texts(lane)
        if shown != texts:
            raise AssertionError(f"{lane} shows {shown} instead of {texts}")

    def wait_count(self, lane, count, timeout=15):
        self.tab.wait(
            "([lane, count]) => document.querySelectorAll(`#lanes [data-lane=${lane}] .list .text`).length >= count",
            timeout=timeout, arg=[lane, count])

    def wait_message(self, text, timeout=10):
        """Waits until the message field holds this."""
        self.tab.wait("text => document.getElementById('text').value === text", timeout=timeout, arg=text)

    def wait_lane(self, lane, text):
        """Waits until the newest event of the lane is this one."""
        self.tab.wait(
            "([lane, text]) => "
            "document.querySelector(`#lanes [data-lane=${lane}] .list .text`)?.textContent === text",
            timeout=15, arg=[lane, text])

    def wait_outcome(self, lane, text):
        """Waits until the lane says how it came back."""
        self.wait_text(f"#lanes [data-lane={lane}] .outcome", text)

    def wait_verdict(self, text):
        """Waits for the sentence over the traces."""
        self.wait_text("#verdict", text)

    def wait_text(self, selector, text):
        self.tab.wait(
            "([selector, text]) => document.querySelector(selector).textContent === text",
            timeout=15, arg=[selector, text])
