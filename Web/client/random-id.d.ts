// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** 128 random bits in hexadecimal. Works on insecure origins too, where `crypto.randomUUID` is missing. */
export function randomID(): string;
