# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The fuzzing client: runs the chosen cases against a server, several connections at a time."""

import collections
import glob
import os
import signal
import time
import traceback

import autobahn
import autobahntestsuite
import txaio
from autobahn.twisted.websocket import WebSocketClientFactory, connectWS
from autobahn.websocket.utf8validator import Utf8Validator
from autobahntestsuite import fuzzing
from twisted.internet import reactor
from twisted.python import log

from cases import CASE_SET, CLASS_OF, EXIT_BUG, EXIT_FAILED, EXIT_OK, EXIT_USAGE, choose, say
from results import is_bad, result_of, summarize, write_json

txaio.use_twisted()
txaio.config.loop = reactor
fuzzing.print = lambda *_, **__: None     # the suite's own progress lines


class Errors:
    """Collects exceptions that Twisted caught.

    Some are the peer's doing (PEER): its compressed data was bad, or its HTTP head was not
    UTF-8. The case fails, and its line in the summary says so. Any other exception means
    that the fuzzer is not to be trusted: the tool exits with EXIT_BUG.
    """

    PEER = ("zlib.error", "builtins.UnicodeDecodeError")

    def __init__(self):
        self.current = None               # the case that the fuzzer is at work on
        self.by_case = collections.OrderedDict()
        self.bugs = []

    def install(self):
        log.startLoggingWithObserver(self.observe, setStdout=False)    # and off standard error

    def observe(self, event):
        if not event.get("isError"):
            return
        failure = event.get("failure") or event.get("log_failure")
        if failure is None:
            self.add("?", log.textFromEventDict(event) or str(event), bug=True)
            return
        kind = "%s.%s" % (failure.type.__module__, failure.type.__name__)
        self.add("%s: %s" % (kind, failure.getErrorMessage()), failure.getTraceback(),
                 bug=kind not in self.PEER)

    def add(self, line, detail, bug):
        case_id = self.current
        self.by_case.setdefault(case_id, []).append(line)
        if bug:
            self.bugs.append((case_id, line, detail))


ERRORS = Errors()


class Attributed:
    """Protocol mixin: tells ERRORS which case the fuzzer works on, at each way in."""

    def case_id(self):
        return CASE_SET.caseClasstoId(self.Case) if getattr(self, "Case", None) else None

    def connectionMade(self):
        ERRORS.current = self.case_id()
        super().connectionMade()

    def dataReceived(self, data):
        ERRORS.current = self.case_id()
        super().dataReceived(data)
        ERRORS.current = self.case_id()   # the server learns the case from the data

    def onOpen(self):
        ERRORS.current = self.case_id()
        super().onOpen()

    def executeContinueLater(self, fun, tag):
        ERRORS.current = self.case_id()
        super().executeContinueLater(fun, tag)

    def executeKillAfter(self):
        ERRORS.current = self.case_id()
        super().executeKillAfter()

    def executeCloseAfter(self):
        ERRORS.current = self.case_id()
        super().executeCloseAfter()

    def connectionLost(self, reason):
        ERRORS.current = self.case_id()
        try:
            super().connectionLost(reason)
        except Exception as e:            # later cases must run in any event
            ERRORS.add("%s: %s" % (type(e).__name__, e), traceback.format_exc(), bug=True)


def write_bugs(outdir):
    if not ERRORS.bugs:
        return
    path = os.path.join(outdir, "fuzzer-errors.log")
    with open(path, "w", encoding="utf8") as f:
        for case_id, line, detail in ERRORS.bugs:
            f.write("case %s: %s\n%s\n\n" % (case_id, line, detail))
    say("")
    say("%d exception(s) inside the fuzzer, see %s" % (len(ERRORS.bugs), path))


class Reports:
    """What fuzzing.FuzzingFactory does with a record, less the HTML where unwanted."""

    want_html = False

    def createReports(self, produceHtml=True, produceJson=True):
        fuzzing.FuzzingFactory.createReports(self, produceHtml=self.want_html, produceJson=produceJson)


class ClientProtocol(Attributed, fuzzing.FuzzingClientProtocol):

    def closeAfter(self, delay):
        cap = self.factory.run.options.cap
        super().closeAfter(min(delay, cap) if cap else delay)

    def connectionLost(self, reason):
        super().connectionLost(reason)
        if not self.factory.logged:
            self.factory.log_crash(self)


class Lane(Reports, fuzzing.FuzzingClientFactory):
    """One connection at a time; takes its cases from the run."""

    def __init__(self, run):
        WebSocketClientFactory.__init__(self)
        fuzzing.FuzzingFactory.__init__(self, run.options.outdir)
        self.logOctets = self.logFrames = True
        self.CaseSet = CASE_SET
        self.run = run
        self.spec = {"servers": [{"url": run.options.url, "agent": run.options.agent,
                                  "origin": run.options.origin, "protocols": run.options.protocol}]}
        self.specExcludeAgentCases = []
        self.currServer = -1
        self.specCases = []
        self.nextServer()
        self.case_id = None
        self.tries = 0

    def start(self):
        self.case_id = self.run.take()
        if self.case_id is None:
            self.run.lane_done(self)
            return
        self.tries = 0
        self.connect()

    def connect(self):
        self.logged = False
        connectWS(self, contextFactory=self.contextFactory)

    def buildProtocol(self, addr):
        self.currentCaseIndex = CASE_SET.CasesIndices[self.case_id]
        proto = ClientProtocol()
        proto.factory = self
        proto.caseAgent = self.agent
        proto.case = self.currentCaseIndex
        proto.Case = CLASS_OF[self.case_id]
        proto.runCase = proto.Case(proto)
        return proto

    def logCase(self, record):
        self.logged = True
        self.run.finished(self.case_id, record)

    def log_crash(self, proto):
        self.logged = True
        self.run.finished(self.case_id, {
            "case": proto.case, "id": self.case_id, "agent": self.agent,
            "description": proto.Case.DESCRIPTION, "expectation": proto.Case.EXPECTATION,
            "behavior": "FAILED", "behaviorClose": "FAILED", "remoteCloseCode": None, "duration": 0,
            "result": "The fuzzer raised an exception.", "resultClose": "", "crashed": True})

    def clientConnectionLost(self, connector, reason):
        reactor.callLater(0, self.start)

    def clientConnectionFailed(self, connector, reason):
        self.tries += 1
        if self.tries <= self.run.options.connect_tries:
            reactor.callLater(0.5, self.connect)
        else:
            self.run.unreachable(self.case_id, reason.getErrorMessage())
            self.run.lane_done(self)


# Cases that keep the processor busy, or that measure time: never beside others.
HEAVY = ("9.", "10.", "12.", "13.")


class ClientRun:

    def __init__(self, options, wanted):
        self.options = options
        self.wanted = wanted
        self.light = collections.deque(i for i in wanted if not i.startswith(HEAVY))
        self.heavy = collections.deque(i for i in wanted if i.startswith(HEAVY))
        self.records = {}
        self.count = 0
        self.lost = None
        self.flaky = {}
        self.first = {}
        self.retries_left = options.retries
        self.lanes = set()
        self.started = time.time()
        self.seconds = None

    def start(self):
        self.queue = self.light or self.heavy
        jobs = self.options.jobs if self.queue is self.light else 1
        self.lanes = {Lane(self) for _ in range(max(1, min(jobs, len(self.queue))))}
        for lane in list(self.lanes):
            lane.start()

    def take(self):
        return self.queue.popleft() if self.queue and not self.lost else None

    def finished(self, case_id, record):
        if self.seconds is not None:
            return                        # cut off by stop, so not a result
        self.count += 1
        if case_id in self.first and not is_bad(result_of(record)):      # run again
            self.flaky[case_id] = self.first[case_id]
        self.records[case_id] = record
        if not self.options.quiet:
            say("[%3d/%d] %-8s %-13s close: %-16s %6d ms"
                % (self.count, len(self.wanted), case_id, record["behavior"], record["behaviorClose"],
                   record["duration"]))

    def unreachable(self, case_id, message):
        if not self.lost:
            self.lost = (case_id, message)

    def lane_done(self, lane):
        self.lanes.discard(lane)
        if self.lanes:
            return
        if not self.lost:
            if self.light or self.heavy:
                return self.start()
            if self.retries_left > 0:
                self.retries_left -= 1
                again = [i for i in self.wanted
                         if i in self.records and self.records[i]["behavior"] != "UNIMPLEMENTED"
                         and is_bad(result_of(self.records[i]))]
                if again:
                    say("running again: " + " ".join(again))
                    for i in again:
                        r = self.records[i]
                        self.first.setdefault(i, "%s, close %s" % (r["behavior"], r["behaviorClose"]))
                    self.light.clear()
                    self.heavy.extend(again)        # one at a time
                    return self.start()
        self.stop()

    def stop(self):
        if self.seconds is None:
            self.write()
            reactor.stop()

    def write(self):
        options = self.options
        os.makedirs(options.outdir, exist_ok=True)
        lane = Lane(self)                 # holds the suite's report writer
        lane.want_html = options.html
        good = {i: r for i, r in self.records.items() if not r.get("crashed")}
        lane.agents = {options.agent: good}
        lane.cases = {i: {options.agent: r} for i, r in good.items()}
        old = lane.makeAgentCaseReportFilename(options.agent, "*", ext="*")
        for path in glob.glob(os.path.join(glob.escape(options.outdir), old)):
            os.remove(path)               # reports of an earlier run
        lane.createReports()
        self.seconds = time.time() - self.started

    def summary(self):
        results = {i: result_of(r) for i, r in self.records.items()}
        summary = summarize(self.options.agent, results, self.wanted, self.options.fail_on,
                            self.flaky, ERRORS.by_case)
        summary["url"] = self.options.url
        summary["seconds"] = round(self.seconds, 1)
        write_json(os.path.join(self.options.outdir, "summary.json"), summary)
        say("")
        if self.lost:
            say("connection to %s failed at case %s: %s" % (self.options.url, self.lost[0], self.lost[1]))
        write_bugs(self.options.outdir)
        say("%s in %.0f s; reports in %s (index.json, summary.json)"
            % ("PASSED" if summary["ok"] else "FAILED", self.seconds, self.options.outdir))
        if self.lost and not self.records:
            return EXIT_USAGE
        if ERRORS.bugs:
            return EXIT_BUG
        return EXIT_OK if summary["ok"] else EXIT_FAILED


def client(options):
    wanted = choose(options.cases, options.exclude)
    say("Autobahn test suite %s (engine %s): %d cases against %s"
        % (autobahntestsuite.version, autobahn.version, len(wanted), options.url))
    if Utf8Validator.__module__.startswith("autobahn"):
        say("note: wsaccel is missing, so the fuzzer is slow")
    run = ClientRun(options, wanted)
    ERRORS.install()
    reactor.callWhenRunning(run.start)
    run_reactor(run.stop)
    return run.summary()


def run_reactor(stop):
    """Runs until the reactor stops; an interrupt calls stop."""
    def interrupt(number, _):
        say("stopped by %s" % signal.Signals(number).name)
        reactor.callFromThread(stop)

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    reactor.run(installSignalHandlers=False)
