# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What a run found: outcomes per case, the summary, the reports."""

import collections
import json
import os
import re

import autobahn
import autobahntestsuite

from cases import CLASS_OF, id_key, say

BEHAVIORS = ["OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED", "FAILED"]
CLOSINGS = ["OK", "INFORMATIONAL", "FAILED BY CLIENT", "WRONG CODE", "UNCLEAN", "FAILED"]
# Closing outcomes that break a MUST (the suite's own report shows these in red)
BAD_CLOSINGS = {"FAILED", "UNCLEAN"}


def result_of(record):
    """The part of a case record that the summary needs."""
    return {
        "behavior": record["behavior"],
        "behaviorClose": record["behaviorClose"],
        "remoteCloseCode": record["remoteCloseCode"],
        "duration": record["duration"],
        "result": record["result"],
        "resultClose": record["resultClose"],
        "reason": record.get("wasNotCleanReason"),
    }


def is_bad(result):
    return result["behavior"] == "FAILED" or result["behaviorClose"] in BAD_CLOSINGS


def describe(case_id):
    first = CLASS_OF[case_id].DESCRIPTION.split("<br>")[0]
    return re.sub(r"</?[a-zA-Z][^>]*>", "", first)


def clip(text, width):
    text = " ".join(str(text).split())
    return text if len(text) <= width else text[:width - 3] + "..."


def summarize(agent, results, wanted, fail_on=(), flaky=None, errors=None):
    """Prints the summary of one agent and returns it as an object."""
    counts = collections.Counter(r["behavior"] for r in results.values())
    closing = collections.Counter(r["behaviorClose"] for r in results.values()
                                  if r["behavior"] != "UNIMPLEMENTED")
    missing = [i for i in wanted if i not in results]
    listed = []
    for case_id in sorted(results, key=id_key):
        r = results[case_id]
        close_matters = r["behavior"] != "UNIMPLEMENTED" and r["behaviorClose"] not in ("OK", "INFORMATIONAL")
        if r["behavior"] != "OK" or close_matters:
            listed.append(case_id)

    say("")
    say("%s: %d of %d cases run" % (agent, len(results), len(wanted)))
    for name in BEHAVIORS + sorted(set(counts) - set(BEHAVIORS)):
        say("  %-16s %4d" % (name, counts.get(name, 0)))
    if missing:
        say("  %-16s %4d" % ("NOT RUN", len(missing)))
    say("closing handshake: " + ", ".join("%s %d" % (n, closing[n]) for n in CLOSINGS if closing.get(n)))
    if listed:
        say("")
        say("not OK:")
        for case_id in listed:
            r = results[case_id]
            say("  %-9s %-13s close: %-16s code: %-5s %s"
                % (case_id, r["behavior"], r["behaviorClose"], r["remoteCloseCode"], clip(describe(case_id), 90)))
            if r["behavior"] == "FAILED":
                say("  %-9s   %s" % ("", clip(r["result"], 140)))
            if r["behaviorClose"] in BAD_CLOSINGS and r["behavior"] != "UNIMPLEMENTED":
                say("  %-9s   %s%s" % ("", clip(r["resultClose"], 140),
                                       " (%s)" % clip(r["reason"], 100) if r["reason"] else ""))
            for line in (errors or {}).get(case_id, []):
                say("  %-9s   the fuzzer raised %s" % ("", clip(line, 140)))
    if missing:
        say("")
        say("not run: " + " ".join(missing[:40]) + (" ..." if len(missing) > 40 else ""))
    for case_id in sorted(flaky or {}, key=id_key):
        say("  %s was not good at first (%s), then good when it ran again" % (case_id, flaky[case_id]))

    fatal = set(fail_on)
    failed = sorted((i for i, r in results.items()
                     if is_bad(r) and r["behavior"] != "UNIMPLEMENTED"
                     or r["behavior"] in fatal or r["behaviorClose"] in fatal), key=id_key)
    return {
        "agent": agent,
        "suite": autobahntestsuite.version,
        "engine": autobahn.version,
        "wanted": len(wanted),
        "run": len(results),
        "behavior": {n: counts.get(n, 0) for n in BEHAVIORS},
        "behaviorClose": {n: closing.get(n, 0) for n in CLOSINGS},
        "notOK": {i: results[i] for i in listed},
        "notRun": missing,
        "failed": failed,
        "flaky": flaky or {},
        "fuzzerErrors": {str(k): v for k, v in (errors or {}).items()},
        "ok": not failed and not missing,
    }


def write_json(path, value):
    with open(path, "w", encoding="utf8") as f:
        json.dump(value, f, sort_keys=True, indent=3)
        f.write("\n")
