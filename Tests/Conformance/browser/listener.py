# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A tab in which a HibikiClient listens to one topic and writes down what it hears."""

BEGIN = """async ([topic, since, options]) => {
    const { HibikiClient } = await import('/client/index.js')
    const client = new HibikiClient(undefined, options)
    const heard = { numbers: [], gaps: [], refusals: [] }
    client.on('gap', gap => heard.gaps.push(gap))
    client.on('error', error => error.retry || heard.refusals.push(String(error)))
    const subscription = client.subscribe(topic, event => heard.numbers.push(event.payload.n), { since })
    Object.assign(globalThis, { client, heard, subscription })
}"""


class Listener:
    """`options` are those of HibikiClient; `since` is where it begins, `latest` without one."""

    def __init__(self, browser, url, topic, since=None, **options):
        self.tab = browser.open(f"{url}/health")      # a page of the server's origin without scripts of its own
        self.topic = topic
        self.begin(since, **options)

    def close(self):
        self.tab.close()

    def begin(self, since=None, **options):
        self.tab.eval(BEGIN, [self.topic, since, options])
        self.tab.wait("client.state === 'connected' && subscription.position !== null")

    def reload(self, **options):
        """Loads the page anew and goes on after the position of the page before."""
        position = self.position
        self.tab.goto(self.tab.page.url)
        self.begin(position, **options)

    def use(self, name):
        self.tab.eval("name => client.use(name)", name)

    def publish(self, numbers):
        """Begins to publish through the client itself, without waiting for an answer."""
        self.tab.eval("""([topic, numbers]) => {
            globalThis.published = Promise.all(numbers.map(n => client.publish(topic, 'number', { n })))
        }""", [self.topic, numbers])

    def published(self):
        """The positions of what `publish` sent."""
        return self.tab.eval("published")

    @property
    def position(self):
        return self.tab.eval("subscription.position")

    @property
    def heard(self):
        return self.tab.eval("heard")

    def wait_transport(self, name, timeout=20):
        self.tab.wait("name => client.transport === name", timeout=timeout, arg=name)

    def wait_heard(self, count, timeout=20):
        self.tab.wait("count => heard.numbers.length >= count", timeout=timeout, arg=count)

    def ways(self):
        """The ways of listening that this tab has really asked the server for."""
        ways = {"websocket"} if any(socket.url.endswith("/ws") for socket in self.tab.sockets) else set()
        for request in self.tab.requests:
            if request.kind == "eventsource":
                ways.add("sse")
            elif "/v1/events?" in request.url:
                ways.add("longpoll" if "&wait=" in request.url else "poll")
        return ways
