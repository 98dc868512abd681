# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A child process whose output is read line by line, with a time limit."""

import io
import queue
import subprocess
import threading


class Lines:
    """Runs a command; `next()` gives its lines as they come, `until()` waits for one of them."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        # Only LF ends a line here: a CR is one of the bytes that a test may look for.
        self.output = io.TextIOWrapper(self.process.stdout, encoding="utf-8", newline="\n")
        self.seen = []
        self.queue = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.output:
            self.queue.put(line.rstrip("\n"))
        self.queue.put(None)

    def next(self, timeout=10):
        """The next line, or None at the end of the output."""
        try:
            line = self.queue.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"nothing for {timeout} s; so far: {self.seen}") from None
        self.seen.append(line)
        return line

    def until(self, wanted, timeout=10):
        """Reads up to the first line that begins with `wanted`, and returns it."""
        while True:
            line = self.next(timeout)
            if line is None:
                raise AssertionError(f"the output ended without {wanted!r}: {self.seen}")
            if line.startswith(wanted):
                return line

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.reader.join()
        self.output.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
