// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { isPosition, isSeen } from './positions.js';

export async function catchUp(feed, subscriber, owner) {
  while (subscriber.active) {
    const asked = owner.isPaused() ? null : owner.history(feed.topic, subscriber.position);
    const page = await asked?.catch((error) => ({ error }));
    if (!subscriber.active) return;
    if (page?.error && !page.error.retry) {
      subscriber.live = true;
      owner.error(page.error, feed.topic);
      return;
    }
    const events = page?.events ?? [];
    if (page && !page.error) hand(subscriber, page, owner);
    // Not before the feed's own position is known: what lies between would be missed.
    if (isPosition(feed.position) && isSeen(feed.position, subscriber.position)) {
      subscriber.live = true;
      return;
    }
    if (events.length === 0) await owner.sleep(owner.backoff.next());
  }
}

function hand(subscriber, { events, position, gap }, owner) {
  if (gap) owner.gap(subscriber.topic, subscriber.position, position);
  for (const event of events) subscriber.hand(event);
  if (!isSeen(position, subscriber.position)) subscriber.position = position;
}
