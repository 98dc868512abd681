// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_SCENARIOS_H
#define LOAD_SCENARIOS_H

#include "options.h"

void run_echo(const struct options *options);
void run_fanout(const struct options *options);
void run_sse(const struct options *options);
void run_churn(const struct options *options);
void run_idle(const struct options *options);

#endif
