// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** What the picker offers, with the words by which it is found. Any other emoji may be typed in its field. */
export const emoji = [
  ['👍', 'thumbs up, yes, agree'], ['❤️', 'heart, love'], ['😂', 'tears of joy, laugh'], ['🎉', 'party, celebrate'],
  ['😮', 'surprised, wow'], ['😢', 'sad, cry'], ['🙏', 'thanks, please'], ['👎', 'thumbs down, no'],
  ['✅', 'done, check'], ['❌', 'wrong, cross'], ['👀', 'eyes, looking'], ['🚀', 'rocket, ship'],
  ['🔥', 'fire, hot'], ['💯', 'hundred, exactly'], ['🤔', 'thinking, hmm'], ['😊', 'smile, happy'],
  ['👏', 'clap, applause'], ['💡', 'idea, light'], ['☕', 'coffee, break'], ['🐛', 'bug'],
  ['👋', 'wave, hello, bye'], ['🙌', 'hooray, hands'], ['😅', 'sweat, phew'], ['⏳', 'wait, hourglass'],
];

export function findEmoji(words) {
  const wanted = words.trim().toLocaleLowerCase();
  return emoji.filter(([sign, names]) => wanted === '' || sign === wanted || names.includes(wanted));
}

/** Whether a text is one emoji, which may be made of several code points. */
export function isEmoji(text) {
  return text.length <= 32 && /^\p{Extended_Pictographic}/u.test(text) && [...segments(text)].length === 1;
}

function segments(text) {
  return new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text);
}
