// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel'];
/** Milliseconds within which touches are one. */
const together = 1000;

/** Tells the session when the page is touched, hidden and shown. */
export function listenForAttention(session) {
  let last = 0;
  const touched = ({ type, timeStamp, movementX, movementY }) => {
    // A pointer that rests moves too when the page moves under it.
    const isResting = type === 'pointermove' && movementX === 0 && movementY === 0;
    if (isResting || timeStamp - last < together) return;
    last = timeStamp;
    session.touched();
  };
  for (const name of touches) addEventListener(name, touched, { passive: true, capture: true });
  document.addEventListener('visibilitychange', () => session.shown(!document.hidden));
  session.shown(!document.hidden);
}

/** `?idle=2&hidden=1` in the address of the page: seconds after which one is away. */
export function limitsFrom(search) {
  const query = new URLSearchParams(search);
  const limit = (name) => (Number(query.get(name)) > 0 ? Number(query.get(name)) * 1000 : undefined);
  return { idleAfter: limit('idle'), hiddenAfter: limit('hidden') };
}
