// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Milliseconds between two pictures: enough for a trace, and seldom enough not to hold up the events that it shows. */
const frame = 48;

/** The same where the reader asked for less motion: the traces step on instead of gliding. */
const step = 2000;

/** Calls `show` after `changed`, and `draw` for as long as it answers that something moves. At rest nothing happens. */
export function animate(show, draw) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let isDirty = false;
  let isScheduled = false;
  let isMoving = false;
  let shownAt = -Infinity;
  let drawnAt = -Infinity;

  function schedule() {
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame(tick);
  }

  function tick(now) {
    isScheduled = false;
    if (now - shownAt >= frame) picture(now);
    if (isMoving || isDirty) schedule();
  }

  function picture(now) {
    const isDue = isDirty || !calm.matches || now - drawnAt >= step;
    if (isDirty) show();
    isDirty = false;
    shownAt = now;
    if (!isDue) return;
    isMoving = draw(performance.now());
    drawnAt = now;
  }

  return {
    changed() {
      isDirty = true;
      schedule();
    },
  };
}
