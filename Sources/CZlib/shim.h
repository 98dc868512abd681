// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef HIBIKI_CZLIB_SHIM_H
#define HIBIKI_CZLIB_SHIM_H

#include <zlib.h>

// The initialisers are macros in zlib, which Swift does not import.
static inline int hibiki_deflateInit2(z_stream *stream, int level, int windowBits, int memLevel) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, memLevel, Z_DEFAULT_STRATEGY);
}

static inline int hibiki_inflateInit2(z_stream *stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}

#endif
