// What is being written in a room and was not sent. Each page has a draft of its own; a page that closes leaves it
// behind, and the next one takes up the newest that no page holds. So nothing overwrites anything, and nothing is lost.

import { keysOf, storedItem, storedItemInTab } from "../lib/local_storage.js";
import { newId } from "../core/protocol.js";

const ANSWER_TIMEOUT = 300; // ms in which a page that holds a draft says so

/**
 * The draft of this page. area: whose and of which room. found(text): called later, when a draft turns up whose page
 * did not close but ended (the browser was killed, or the tab was put away for good).
 */
export function makeDraft(area, found) {
  const mine = storedItemInTab(`draft:${area}`); // the id of this tab's draft, over reloads; a copy of the tab has it too
  const place = (draft) => storedItem(`draft:${area}:${draft}`);
  let channel = null; // closed while the page is put away, or a browser would not keep it
  let id = null;
  let text = "";
  let left = false; // to the next page

  /** Take up a draft, or begin a new one; returns its text. written: what stands in the field already. */
  function open(written = "") {
    adoptOldDraft(area, place);
    listen();
    const drafts = all();
    const draft = newest(drafts.filter((each) => !each.held && (!written || each.text === written)));
    hold(draft?.id ?? newId(), draft?.text ?? written);
    if (!text) askAbout(drafts.filter((each) => each.held));
    return text;
  }

  function set(words) {
    text = words;
    place(id).set(text ? { text, at: Date.now(), held: true } : null);
  }

  /** Leave it to the next page. */
  function release() {
    channel?.close();
    const draft = place(id).get();
    left = draft !== null; // a browser that keeps nothing leaves nothing
    if (left) place(id).set({ ...draft, held: false });
  }

  /** The page comes back after all; returns the text, which is gone when another page has taken it up or sent it. */
  function retake() {
    listen();
    if (!left) return text;
    const draft = place(id).get();
    if (draft && !draft.held) hold(id, draft.text);
    else hold(newId(), "");
    return text;
  }

  function hold(draft, words) {
    id = draft;
    mine.set(id);
    set(words);
  }

  /** Are these still being written? Their pages say so; what no page answers for is free. */
  function askAbout(drafts) {
    if (!channel || !drafts.length) return;
    const held = new Set();
    channel.addEventListener("message", ({ data }) => held.add(data.held));
    channel.postMessage({ who: true });
    setTimeout(() => {
      const draft = newest(drafts.filter((each) => !held.has(each.id)));
      if (!draft || text) return;
      hold(draft.id, draft.text);
      found(text);
    }, ANSWER_TIMEOUT);
  }

  function listen() {
    channel = makeChannel(`roundtable:drafts:${area}`);
    channel?.addEventListener("message", ({ data }) => data.who && text && channel.postMessage({ held: id }));
  }

  const all = () =>
    keysOf(`draft:${area}:`).map((key) => ({ ...storedItem(key).get(), id: key.slice(key.lastIndexOf(":") + 1) }));
  const newest = (drafts) => drafts.find((draft) => draft.id === mine.get()) ?? drafts.sort((a, b) => b.at - a.at)[0];
  return { open, set, release, retake, get: () => text };
}

/** A draft from when all pages of a room shared one. */
function adoptOldDraft(area, place) {
  const old = storedItem(`draft:${area}`);
  const text = old.get();
  if (typeof text === "string" && text) place(newId()).set({ text, at: 0, held: false });
  old.set(null);
}

function makeChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null; // there is none, or it is forbidden
  }
}
