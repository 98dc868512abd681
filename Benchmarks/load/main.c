// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// The load generator: one process, one thread, one epoll set. See Benchmarks/README.md.

#include <stdio.h>
#include <string.h>

#include "options.h"
#include "scenarios.h"

static const char help[] =
    "load SCENARIO --port PORT [option value]…\n"
    "\n"
    "Scenarios (each prints one line of JSON at its end, or says on standard error what was wrong and exits with 1):\n"
    "  echo     --connections send and check --in-flight messages each\n"
    "  fanout   --connections subscribe over WebSocket, one more publishes\n"
    "  sse      --connections subscribe by event streams, a WebSocket publishes\n"
    "  churn    --connections at a time connect, echo one message and close, again and again\n"
    "  idle     --connections stay open until standard input has something or ends\n"
    "\n"
    "Options:\n"
    "  --path PATH           of the connections (/)\n"
    "  --connections N       (100)\n"
    "  --size BYTES          of a payload, at least 16 (64)\n"
    "  --in-flight N         messages of a connection, or publications (1)\n"
    "  --seconds S           measured, after --warmup S (3 and 1)\n"
    "  --publications N      measured instead of a time, after a fifth of that number (fanout, sse)\n"
    "  --rate N              publications a second instead of --in-flight (fanout, sse)\n"
    "  --subscribe TEXT      sent by a connection after the upgrade\n"
    "  --await TEXT          a connection is ready when a message, or a line, holds this\n"
    "  --publish-path PATH   of the publisher (/); it has --publish-hello TEXT and --publish-await TEXT too\n"
    "  --publish TEXT        a publication, or what is to be echoed; @PAYLOAD@ in it becomes the payload\n"
    "  --marker TEXT         stands before the payload in a delivery; without it the payload is the message\n"
    "  --text                text frames instead of binary ones (echo, churn)\n"
    "  --engine-io           the WebSockets speak Engine.IO: pings are answered, its other packets passed over\n"
    "  --events              event streams instead of WebSockets (idle)\n"
    "  --server-pid PID      whose CPU seconds are read at both edges of the measurement\n"
    "  --counters FILE       which malloc-count.so keeps for that process\n";

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*run)(const struct options *options);
    } scenarios[] = {
        {"echo", run_echo}, {"fanout", run_fanout}, {"sse", run_sse}, {"churn", run_churn}, {"idle", run_idle},
    };
    for (size_t i = 0; count > 1 && i < sizeof scenarios / sizeof *scenarios; i++) {
        if (strcmp(arguments[1], scenarios[i].name) == 0) {
            struct options options = options_parse(count - 1, arguments + 1, help);
            scenarios[i].run(&options);
            return 0;
        }
    }
    fputs(help, count > 1 && strcmp(arguments[1], "--help") == 0 ? stdout : stderr);
    return count > 1 && strcmp(arguments[1], "--help") == 0 ? 0 : 2;
}
