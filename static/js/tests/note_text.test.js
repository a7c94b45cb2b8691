// What stands under a bot's reply, for a reader of another language.

import assert from "node:assert/strict";
import test from "node:test";

const words = {
  note_stopped_by: "Angehalten von {name}.",
  note_searched: ["gesucht: „{words}“, {count} Nachricht", "gesucht: „{words}“, {count} Nachrichten"],
};
globalThis.document = {
  documentElement: { lang: "de" },
  getElementById: () => ({ textContent: JSON.stringify(words) }),
};
const { noteText } = await import("../lib/texts.js");

const searched = (count) => ({ reason: "searched", params: { words: "Tee", count } });
const stopped = { reason: "stopped_by", params: { name: "alice" } };

test("each reason is said in the reader's language, in the form that fits its number", () => {
  assert.equal(noteText({ note: "…", notes: [searched(1)] }), "gesucht: „Tee“, 1 Nachricht");
  assert.equal(
    noteText({ note: "…", notes: [searched(0), stopped] }),
    "gesucht: „Tee“, 0 Nachrichten; Angehalten von alice.",
  );
});

test("without reasons, or with one that this page does not know, the server's text is shown", () => {
  const tomorrow = { reason: "of_tomorrow", params: {} };
  assert.equal(noteText({ note: "Stopped by alice." }), "Stopped by alice.");
  assert.equal(noteText({ note: "Both.", notes: [stopped, tomorrow] }), "Both.");
  assert.equal(noteText({}), "");
});
