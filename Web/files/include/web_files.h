// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef HIBIKI_WEB_FILES_H
#define HIBIKI_WEB_FILES_H

#include <stddef.h>

/// A file of the browser's side. It is text: what it says ends with the first zero byte.
struct web_file {
    /// Such as `/client/index.js`.
    const char *path;
    const unsigned char *text;
};

/// All files, `count` of them.
const struct web_file *web_files(size_t *count);

/// The bytes of a file, without the zero at its end.
size_t web_file_length(const struct web_file *file);

#endif
