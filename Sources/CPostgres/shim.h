// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef HIBIKI_CPOSTGRES_SHIM_H
#define HIBIKI_CPOSTGRES_SHIM_H

// Debian keeps the headers in a folder that only pkg-config and this line know.
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

// The letters of the fields of an error are character literals, which Swift does not import as numbers.
static inline const char *hibiki_errorState(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

static inline const char *hibiki_errorMessage(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

static inline const char *hibiki_errorConstraint(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}

// A notice of the server would stand on the standard error stream.
static inline void hibiki_dropNotice(void *context, const PGresult *result) {}

static inline void hibiki_dropNotices(PGconn *connection) {
    PQsetNoticeReceiver(connection, hibiki_dropNotice, NULL);
}

#endif
