// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_MALLOC_COUNT_H
#define LOAD_MALLOC_COUNT_H

/// Where malloc-count.so finds the name of the file that it keeps its totals in.
#define MALLOC_COUNT_VARIABLE "MALLOC_COUNT_FILE"

/// One 64-bit total each, in the byte order of the machine.
enum { COUNT_MALLOC, COUNT_CALLOC, COUNT_REALLOC, COUNT_ALIGNED, MALLOC_COUNT_KINDS };

enum { MALLOC_COUNT_BYTES = 4096 };

#endif
