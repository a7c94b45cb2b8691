// Which emoji somebody takes: the last ones, and the colour of the skin. Kept in this browser.

import { storedItem } from "./local_storage.js";

const MOST = 16;
const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];
const last = storedItem("recent-emoji");
const tone = storedItem("skin-tone");

export const recentEmoji = () => [last.get() ?? []].flat().filter((each) => typeof each === "string");
export const rememberEmoji = (emoji) =>
  last.set([emoji, ...recentEmoji().filter((each) => each !== emoji)].slice(0, MOST));

export const skinTone = () => Math.max(0, TONES.indexOf(TONES[tone.get()]));
export const setSkinTone = (index) => tone.set(index || null);

/** An entry of emoji.js as this person wants it. */
export function inMyTone({ emoji, tones }, index = skinTone()) {
  if (!tones || !index) return emoji;
  const [first, ...rest] = emoji;
  return first + TONES[index] + rest.join("").replace(/^\ufe0f/, "");
}
