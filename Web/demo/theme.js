// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// A classic script in the head, so that a stored choice holds before the first paint.
(() => {
  const choices = ['system', 'light', 'dark'];
  const key = 'hibiki.theme';
  let index = 0;
  try {
    index = Math.max(0, choices.indexOf(localStorage.getItem(key)));
  } catch {
    // Without storage the choice holds until the page is left.
  }
  document.documentElement.dataset.theme = choices[index];

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    button.textContent = `Theme: ${choices[index]}`;
    button.addEventListener('click', () => {
      index = (index + 1) % choices.length;
      document.documentElement.dataset.theme = choices[index];
      button.textContent = `Theme: ${choices[index]}`;
      document.dispatchEvent(new Event('themechange'));
      localStorage.setItem(key, choices[index]); // last: it throws where storage is forbidden
    });
  });
})();
