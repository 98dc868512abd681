# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Drives the ported Autobahn test suite; run.sh calls this.

    wstool.py client [options] URL [CASE...]      test a server
    wstool.py list [CASE...]                      name the cases
    wstool.py summary DIR                         summarize a finished run
"""

import argparse
import json
import os
import sys

from cases import EXIT_FAILED, EXIT_OK, QUICK_EXCLUDE, choose, id_key, say
from fuzzer import client
from results import clip, describe, result_of, summarize


def list_cases(options):
    for case_id in choose(options.cases, options.exclude):
        say("%-9s %s" % (case_id, clip(describe(case_id), 120)))
    return EXIT_OK


def summary_of(options):
    """Summarizes the index.json of an earlier run."""
    with open(os.path.join(options.dir, "index.json"), encoding="utf8") as f:
        index = json.load(f)
    code = EXIT_OK
    for agent in sorted(index):
        results = {}
        for case_id, entry in index[agent].items():
            with open(os.path.join(options.dir, entry["reportfile"]), encoding="utf8") as f:
                results[case_id] = result_of(json.load(f))
        if not summarize(agent, results, sorted(results, key=id_key), options.fail_on)["ok"]:
            code = EXIT_FAILED
    return code


def main():
    parser = argparse.ArgumentParser(prog="wstool.py")
    modes = parser.add_subparsers(dest="mode", required=True)

    def mode(name, function, cases=True):
        p = modes.add_parser(name)
        p.set_defaults(function=function)
        if cases:
            p.add_argument("--exclude", action="append", default=[], metavar="GLOBS",
                           help="cases to leave out, e.g. '9.*,12.*,13.*'")
            p.add_argument("--quick", action="store_true", help="the same as --exclude '%s'" % QUICK_EXCLUDE)
        return p

    def common(p, outdir):
        p.add_argument("--outdir", default=outdir, help="where the reports go (default %(default)s)")
        p.add_argument("--html", action="store_true", help="write the suite's HTML reports too")
        p.add_argument("--quiet", action="store_true", help="no line per case")
        p.add_argument("--fail-on", default="", metavar="OUTCOMES",
                       help="further outcomes that fail the run, e.g. 'NON-STRICT,UNIMPLEMENTED'")

    p = mode("client", client)
    common(p, "autobahn-report")
    p.add_argument("--agent", default="server", help="name of the tested server in the reports")
    p.add_argument("--jobs", type=int, default=1,
                   help="connections at a time; cases 9.* to 13.* always run one by one")
    p.add_argument("--retries", type=int, default=0, help="run failed cases again, so many times")
    p.add_argument("--cap", type=float, default=0, metavar="SECONDS",
                   help="upper limit for the suite's long waits (they go up to 1000 s a case)")
    p.add_argument("--connect-tries", type=int, default=5, help=argparse.SUPPRESS)
    p.add_argument("--origin", default=None)
    p.add_argument("--protocol", action="append", default=[], help="subprotocol to offer")
    p.add_argument("url")
    p.add_argument("cases", nargs="*", metavar="CASE")

    p = mode("list", list_cases)
    p.add_argument("cases", nargs="*", metavar="CASE")

    p = mode("summary", summary_of, cases=False)
    p.add_argument("--fail-on", default="")
    p.add_argument("dir")

    options = parser.parse_args()
    if getattr(options, "quick", False):
        options.exclude.append(QUICK_EXCLUDE)
    if hasattr(options, "fail_on"):
        options.fail_on = [w.strip() for w in options.fail_on.split(",") if w.strip()]
    sys.exit(options.function(options))


if __name__ == "__main__":
    main()
