# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Medians, the table, and the files that keep them."""

import json
import os
import platform
from statistics import median

from .scenario import Family, Kind

TITLES = {"ws": "ws", "floor": "bare epoll in C", "python": "python-socketio", "raw": "raw WebSocket"}
SUBJECTS = {Family.NATIVE: "scenario", Family.SOCKET_IO: "Socket.IO"}


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def cell(runs):
    """The median with the spread behind it."""
    values = [run["value"] for run in runs if "value" in run]
    if not values:
        return "failed" if runs else "–"
    text = number(median(values))
    if len(values) > 1:
        text += f" ({number(min(values))}–{number(max(values))})"
    if len(values) < len(runs):
        text += f", {len(runs) - len(values)} failed"
    if any(run.get("load_bound") for run in runs):
        text += " *"
    return text


def middle(runs):
    values = [run["value"] for run in runs if "value" in run]
    return median(values) if values and len(values) == len(runs) else None


def reached(scenario, runs):
    """True, False, or None where there is no goal, no neighbour to compare with, or nothing measured."""
    ours = middle(runs["hibiki"])
    if scenario.goal is None or not runs["hibiki"]:
        return None
    if ours is None:
        return False
    return scenario.goal.reached(ours, {side: middle(measured) for side, measured in runs.items()})


def headings(family):
    neighbours = (text for side in family.neighbours for text in (TITLES[side], "ratio"))
    return (SUBJECTS[family], "Hibiki", *neighbours, "goal", "reached")


def beside(ours, runs):
    """The cell of a neighbour, and how many times its figure ours is."""
    theirs = middle(runs)
    return cell(runs), f"{ours / theirs:.2f}" if ours is not None and theirs else "–"


def row(scenario, runs):
    ours = middle(runs["hibiki"])
    verdict = {True: "yes", False: "no", None: "–"}[reached(scenario, runs)]
    neighbours = (text for side in scenario.family.neighbours for text in beside(ours, runs.get(side, [])))
    goal = str(scenario.goal) if scenario.goal else "–"
    return (scenario.title, cell(runs["hibiki"]), *neighbours, goal, verdict)


def tables(results):
    """The rows of each family that was measured, headings first. `results` maps scenarios to the runs of each side."""
    for family in Family:
        rows = [row(scenario, runs) for scenario, runs in results.items() if scenario.family is family]
        if rows:
            yield [headings(family), *rows]


def markdown(results):
    parts = []
    for heading, *rows in tables(results):
        rule = "|---|" + "--:|" * (len(heading) - 2) + "---|"
        lines = ["| " + " | ".join(line) + " |" for line in (heading, *rows)]
        parts.append("\n".join([lines[0], rule, *lines[1:]]))
    if any(run.get("load_bound") for runs in results.values() for side in runs.values() for run in side):
        parts.append("\\* the load generator had no more to give in at least one run")
    return "\n\n".join(parts) + "\n"


def aligned(results):
    """The same tables for a terminal."""
    return "\n\n".join(aligned_table(rows) for rows in tables(results))


def aligned_table(rows):
    widths = [max(len(line[i]) for line in rows) for i in range(len(rows[0]))]
    alignment = (str.ljust, *(str.rjust for _ in widths[2:]), str.ljust)
    return "\n".join(
        "  ".join(align(text, width) for align, text, width in zip(alignment, line, widths)).rstrip() for line in rows
    )


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
    }


def save(output, results, versions):
    document = {
        "machine": machine(),
        "versions": versions,
        "scenarios": [
            {
                "name": scenario.name,
                "title": scenario.title,
                "unit": scenario.kind.value,
                "goal": str(scenario.goal) if scenario.goal else None,
                "reached": reached(scenario, runs),
                "runs": runs,
            }
            for scenario, runs in results.items()
        ],
    }
    (output / "results.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (output / "results.md").write_text(markdown(results), encoding="utf-8")


def describe(scenario, run):
    """One line of progress."""
    if "failure" in run:
        return f"FAILED: {run['failure']}"
    if scenario.kind is Kind.RATE:
        latency = run["latency_us"] or {"p50": float("nan"), "p99": float("nan")}
        return (
            f"{number(run['value'])} per server CPU second ({number(run['per_second'])} per second; server CPU "
            f"{run['server_cpu']:.2f} s and load CPU {run['load_cpu']:.2f} s in {run['seconds']:.2f} s; "
            f"p50 {latency['p50'] / 1000:.2f} ms, p99 {latency['p99'] / 1000:.2f} ms)"
        )
    if scenario.kind is Kind.MEMORY:
        return f"{number(run['value'])} bytes per connection ({run['connections']:,} connections)"
    each = ", ".join(f"{count:.1f} with {n}" for n, count in run["per_publication"].items())
    return f"{number(run['value'])} per delivered message (per publication: {each} subscribers)"
