// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_FAIL_H
#define LOAD_FAIL_H

/// Says what went wrong on standard error and ends the process with status 1: a measurement with one wrong reply is
/// no measurement.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
