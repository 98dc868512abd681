# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A client of asyncio for tests that know nothing of it."""

import asyncio
import inspect
import threading


class InLoop:
    """Calls a client's methods on an event loop of a thread of its own; coroutines are waited for."""

    def __init__(self, client):
        self.client = client
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def __getattr__(self, name):
        value = getattr(self.client, name)
        if not inspect.iscoroutinefunction(value):
            return value
        return lambda *given, **more: asyncio.run_coroutine_threadsafe(value(*given, **more), self.loop).result(20)

    def end(self):
        """The tasks of a client that has disconnected end by themselves; those of any other are cancelled."""
        asyncio.run_coroutine_threadsafe(self.finish(), self.loop).result(20)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    async def finish(self):
        if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            _, pending = await asyncio.wait(tasks, timeout=0.5)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
