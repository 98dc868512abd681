# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What a Socket.IO client has heard, for a test to take it."""

import queue


class Hearing:
    """Events by name and namespace, each with its arguments; any thread may add to them."""

    def __init__(self):
        self.queues = {}

    def hear(self, name, arguments, namespace="/"):
        self.queue(name, namespace).put(arguments)

    def queue(self, name, namespace):
        return self.queues.setdefault((name, namespace), queue.Queue())

    def take(self, name, namespace="/"):
        """The arguments of the next event of this name."""
        try:
            return self.queue(name, namespace).get(timeout=15)
        except queue.Empty:
            raise AssertionError(f"no {name} on {namespace}") from None

    def heard(self, name, namespace="/"):
        """Those that nobody took."""
        return list(self.queue(name, namespace).queue)
