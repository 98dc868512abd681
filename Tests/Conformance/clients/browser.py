# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A real browser for the tests: Chromium, headless, driven by Playwright's sync API.

    from clients.browser import Browser

    with Browser() as browser:
        tab = browser.open("http://127.0.0.1:8080/")
        tab.wait("document.title === 'Hibiki'")
        tab.screenshot("page.png")
        assert not tab.errors and not tab.failures

A tab has a context (profile) of its own unless told otherwise, so tabs share no storage, cookies or BroadcastChannel.
The browser resolves loopback names only (*.localhost too, for other origins), so nothing in it can leave the machine.

Playwright's sync API hands events over only during its calls: wait with `tab.wait` or `tab.pause`, never `time.sleep`.
Offline, as DevTools emulates it, is no lost connection: open streams and WebSockets live on. `link.Link` loses them.
"""

import contextlib
import os
import re
import shutil
import time
from dataclasses import dataclass, field

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

def find_chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass
class Message:
    """A line of the console, or an exception that nothing caught (type 'exception')."""
    type: str
    text: str
    url: str = ""
    line: int = 0


@dataclass
class Request:
    method: str
    url: str
    kind: str                    # document, script, xhr, fetch, eventsource, ...
    status: int | None = None    # None while there is no answer
    failure: str | None = None   # net::ERR_...


@dataclass
class Socket:
    """A WebSocket that the page opened, with its frames: ('sent' | 'received', str | bytes)."""
    url: str
    frames: list = field(default_factory=list)
    closed: bool = False
    error: str | None = None


class Tab:
    def __init__(self, browser, context, own_context, timeout):
        self._browser, self._own_context, self.timeout = browser, own_context, timeout
        self.context, self.page = context, context.new_page()      # Playwright's own, for what is not here
        self.page.set_default_timeout(timeout * 1000)
        self._messages, self._requests, self._sockets, self._by_request = [], [], [], {}
        page = self.page
        page.on("console", self._on_console)
        page.on("pageerror", lambda e: self._messages.append(Message("exception", str(e))))
        page.on("crash", lambda *_: self._messages.append(Message("exception", "the tab crashed")))
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed)
        page.on("websocket", self._on_websocket)
        self.cdp = context.new_cdp_session(page)                   # self.cdp.send("Domain.method", {...})
        self.cdp.send("Network.enable")

    # Events
    def _on_console(self, m):
        where = m.location or {}
        self._messages.append(Message(m.type, m.text, where.get("url", ""), where.get("lineNumber", 0)))

    def _on_request(self, r):
        record = Request(r.method, r.url, r.resource_type)
        self._by_request[r] = record
        self._requests.append(record)

    def _on_response(self, r):
        if record := self._by_request.get(r.request):
            record.status = r.status

    def _on_failed(self, r):
        if record := self._by_request.get(r):
            record.failure = r.failure or "failed"

    def _on_websocket(self, ws):
        record = Socket(ws.url)
        self._sockets.append(record)
        ws.on("framesent", lambda data: record.frames.append(("sent", data)))
        ws.on("framereceived", lambda data: record.frames.append(("received", data)))
        ws.on("socketerror", lambda e: setattr(record, "error", str(e)))
        ws.on("close", lambda *_: setattr(record, "closed", True))

    def _pump(self):
        # Playwright's sync API hands events over only inside its calls.
        with contextlib.suppress(PlaywrightError):
            self.page.evaluate("0")

    @property
    def console(self):
        self._pump()
        return list(self._messages)

    @property
    def errors(self):
        """console.error lines (Chromium writes one for each failed load too) and uncaught exceptions."""
        return [m for m in self.console if m.type in ("error", "exception")]

    @property
    def requests(self):
        self._pump()
        return list(self._requests)

    @property
    def failures(self):
        """Requests with no answer, or one of 400 and above; WebSockets are not requests: see sockets."""
        return [r for r in self.requests if r.failure or (r.status or 0) >= 400]

    @property
    def sockets(self):
        self._pump()
        return list(self._sockets)

    def clear(self):
        """Forgets the messages, requests and sockets of before (not those that are still under way)."""
        self._pump()
        self._messages.clear()
        self._requests.clear()
        self._sockets.clear()

    # Doing
    def goto(self, url, until="load"):
        """until: load, domcontentloaded or commit, never networkidle: a realtime page is never idle."""
        self.page.goto(url, wait_until=until)
        return self

    def eval(self, js, arg=None):
        """An expression, or a function called with arg (and awaited). bytes do not pass: use lists or base64."""
        return self.page.evaluate(js, arg)

    def wait(self, js, timeout=None, arg=None, every=0.02):
        """Polls js until it is true and returns its value; an exception in it counts as not yet."""
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            try:
                last = self.page.evaluate(js, arg)
                if last:
                    return last
            except PlaywrightError as e:
                if self.page.is_closed():
                    raise
                last = e.message.splitlines()[0]
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain for {js!r}; last: {last!r}; console: {self._messages[-5:]!r}")
            self.page.wait_for_timeout(every * 1000)

    def wait_console(self, pattern, timeout=None):
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            for m in self.console:
                if re.search(pattern, m.text):
                    return m
            if time.monotonic() > end:
                raise TimeoutError(f"no console line like {pattern!r}; console: {self._messages[-5:]!r}")
            self.page.wait_for_timeout(20)

    def pause(self, seconds):
        """Use this and not time.sleep: events come in meanwhile."""
        self.page.wait_for_timeout(seconds * 1000)

    def screenshot(self, path, full=False):
        self.page.screenshot(path=str(path), full_page=full)
        return str(path)

    # The network
    def network(self, offline=False, latency=0, down=-1, up=-1):
        """CDP's emulation, for this tab: latency in ms, down and up in bytes/s, -1 for no limit.

        Offline leaves open streams and WebSockets alive; to lose a connection use link.Link.
        """
        self.cdp.send("Network.emulateNetworkConditions", {
            "offline": offline, "latency": latency, "downloadThroughput": down, "uploadThroughput": up})

    def offline(self, on=True):
        self.network(offline=on)

    @contextlib.contextmanager
    def is_offline(self):
        self.offline(True)
        try:
            yield self
        finally:
            self.offline(False)

    def close(self):
        if self in self._browser.tabs:
            self._browser.tabs.remove(self)
        with contextlib.suppress(PlaywrightError):
            self.page.close()
            if self._own_context:
                self.context.close()


class Browser:
    def __init__(self, headless=True, args=(), executable=None, size=(900, 600), timeout=10.0, hosts=None):
        """hosts: other names for loopback addresses, {"app.test": "127.0.0.1"}; *.localhost works without."""
        exe = executable or os.environ.get("CLIENTS_CHROMIUM") or find_chromium()
        if not exe:
            raise RuntimeError("no chromium: run scripts/bootstrap.sh test, or name one in CLIENTS_CHROMIUM")
        self.size, self.timeout, self.tabs = size, timeout, []
        rules = [f"MAP {name} {address}" for name, address in (hosts or {}).items()]
        rules += ["MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1", "EXCLUDE [::1]", "EXCLUDE localhost", "EXCLUDE *.localhost"]
        self._playwright = sync_playwright().start()
        try:
            self.chromium = self._playwright.chromium.launch(
                executable_path=exe, headless=headless, timeout=60_000,
                args=["--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server", "--disable-gpu",
                      "--host-resolver-rules=" + ", ".join(rules), *args])
        except BaseException:
            self._playwright.stop()
            raise
        self.version = self.chromium.version

    def context(self, **options):
        """A profile of its own. Self-signed certificates are taken."""
        options = {"viewport": {"width": self.size[0], "height": self.size[1]}, "ignore_https_errors": True, **options}
        return self.chromium.new_context(**options)

    def open(self, url=None, context=None, **options):
        """A tab, in a context of its own or in the one given (another tab's .context: one profile, two tabs)."""
        own = context is None
        tab = Tab(self, context or self.context(**options), own, self.timeout)
        self.tabs.append(tab)
        return tab.goto(url) if url else tab

    def open_many(self, n, url=None, shared=False):
        """n tabs, each in its own context; shared: all in one, as the tabs of one user's window are."""
        context = self.context() if shared else None
        return [self.open(url, context) for _ in range(n)]

    def close(self):
        with contextlib.suppress(PlaywrightError):
            self.chromium.close()
        self._playwright.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
