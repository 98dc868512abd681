// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Whether `text` is the position of one event in one topic, such as `5d41c0a2-17`. */
export function isPosition(text: unknown): text is string;

/** Whether both are positions of one epoch and `position` is not newer than `seen`: its event was already handed on. */
export function isSeen(position: string, seen: string | null): boolean;

/** The `since` for one or several topics: the position itself for one, else `topic=position,topic2=position2`. */
export function formatSince(positions: Iterable<[topic: string, position: string]>): string;
