// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Milliseconds out of sight after which the lanes let go. */
const patience = 10_000;

/**
 * Cuts the lanes of a page that nobody sees until it is seen again. Over HTTP/1.1 a browser opens six connections to a
 * server, of which a board holds two: three tabs would leave none.
 */
export function restWhileHidden(lanes) {
  let resting = [];
  let timer;

  function rest() {
    resting = lanes().filter((lane) => !lane.isCut);
    for (const lane of resting) lane.cut();
  }

  function look() {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(rest, patience);
      return;
    }
    for (const lane of resting) lane.restore();
    resting = [];
  }

  document.addEventListener('visibilitychange', look);
  look();
}
