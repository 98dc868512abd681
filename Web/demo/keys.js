// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Single keys act only outside of text fields, and may be turned off (WCAG 2.1.4). */
export function listenForKeys({ lane, burst }) {
  const box = document.getElementById('shortcuts');
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && isTyping(event.target)) return event.target.blur();
    if (!box.checked || isTyping(event.target) || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (['1', '2', '3', '4'].includes(event.key)) lane(Number(event.key) - 1);
    else if (event.key === 'b' || event.key === 'B') burst();
  });
}

function isTyping(target) {
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}
