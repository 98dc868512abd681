# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The cases of the suite, and the choice among them."""

import fnmatch
import sys

from autobahntestsuite.case import CaseBasename, CaseCategories, Cases, CaseSetname, CaseSubCategories
from autobahntestsuite.caseset import CaseSet

QUICK_EXCLUDE = "9.*,12.*,13.*"
EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_BUG = 0, 1, 2, 3

CASE_SET = CaseSet(CaseSetname, CaseBasename, Cases, CaseCategories, CaseSubCategories)
ALL_IDS = [CASE_SET.caseClasstoId(c) for c in Cases]
CLASS_OF = CASE_SET.CasesById


def say(*words):
    print(*words, flush=True)


def id_key(case_id):
    return [int(part) for part in case_id.split(".")]


# choice of cases

def matches(case_id, pattern):
    return (fnmatch.fnmatchcase(case_id, pattern)
            or (not any(c in pattern for c in "*?[") and case_id.startswith(pattern.rstrip(".") + ".")))


def split_patterns(values):
    return [p for value in values for p in value.replace(",", " ").split()]


def choose(patterns, excludes):
    patterns = split_patterns(patterns) or ["*"]
    excludes = split_patterns(excludes)
    for pattern in patterns + excludes:
        if not any(matches(i, pattern) for i in ALL_IDS):
            say("no case matches %r (there are %d cases, 1.1.1 to %s)"
                % (pattern, len(ALL_IDS), ALL_IDS[-1]))
            sys.exit(EXIT_USAGE)
    chosen = [i for i in ALL_IDS
              if any(matches(i, p) for p in patterns) and not any(matches(i, p) for p in excludes)]
    if not chosen:
        say("no case is left to run")
        sys.exit(EXIT_USAGE)
    return sorted(chosen, key=id_key)
