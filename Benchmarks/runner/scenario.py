# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""What a scenario is: what is measured, on which servers, and what the goal is."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a scenario is measured."""

    RATE = "per server CPU second"
    MEMORY = "resident bytes per connection"
    ALLOCATIONS = "allocations per delivered message"


class Family(Enum):
    """What Hibiki stands beside; a table each."""

    NATIVE = ("ws", "floor")
    SOCKET_IO = ("python", "raw")

    @property
    def neighbours(self):
        return self.value


@dataclass(frozen=True)
class Goal:
    """At least `times` the side that is named by `against`, or at most `bound` in the scenario's own unit."""

    times: float | None = None
    against: str = "ws"
    bound: float | None = None

    def __str__(self):
        if self.times is None:
            return f"≤ {self.bound:,g}"
        return f"≥ {self.times:g} ×" if self.against == "ws" else f"≥ {self.times:g} × {self.against}"

    def reached(self, value, others):
        """`others` maps sides to their values; None if there is nothing to compare with."""
        if self.times is None:
            return value <= self.bound
        other = others.get(self.against)
        return value / other >= self.times if other else None


@dataclass(frozen=True)
class Side:
    """One of the servers that a scenario meets. `arguments` tell the load generator how it names things."""

    name: str
    server: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """`command` is the load generator's scenario, and `arguments` go to it whichever the server is. `connections` is
    how many are idle, unless the command line allows fewer."""

    name: str
    title: str
    kind: Kind
    command: str
    arguments: tuple[str, ...]
    sides: tuple[Side, ...]
    goal: Goal | None = None
    family: Family = Family.NATIVE
    connections: int | None = None
