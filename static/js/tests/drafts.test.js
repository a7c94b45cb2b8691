// Several pages of one room, each with a draft of its own, in one browser.

import assert from "node:assert/strict";
import test from "node:test";

const channels = new Set();

class Channel extends EventTarget {
  constructor(name) {
    super();
    this.name = name;
    channels.add(this);
  }
  postMessage(data) {
    for (const each of channels) {
      if (each !== this && each.name === this.name) each.dispatchEvent(Object.assign(new Event("message"), { data }));
    }
  }
  close() {
    channels.delete(this);
  }
}

class Storage extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => this.set(key, value);
  removeItem = (key) => this.delete(key);
  key = (at) => [...this.keys()][at];
  get length() {
    return this.size;
  }
}

globalThis.BroadcastChannel = Channel;
const { makeDraft } = await import("../composer/drafts.js");

/** A browser with nothing in it. page(): a page in a tab of its own, or in a given one; kill(): it ends and says nothing. */
function browser(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  globalThis.localStorage = new Storage();
  channels.clear();
  return {
    tab: () => new Storage(),
    page(tab = new Storage(), written = "") {
      globalThis.sessionStorage = tab;
      const before = new Set(channels);
      const shown = { text: "" };
      const draft = makeDraft("1:lobby", (text) => (shown.text = text));
      shown.text = draft.open(written);
      const own = [...channels].filter((each) => !before.has(each));
      t.mock.timers.tick(1); // no two moments are the same
      return { ...draft, shown, tab, kill: () => own.forEach((each) => each.close()) };
    },
    patience: () => t.mock.timers.tick(1000),
  };
}

const kept = () => [...globalThis.localStorage.values()].map((value) => JSON.parse(value).text).sort();

test("two pages do not overwrite each other's draft", (t) => {
  const { page } = browser(t);
  const [one, two] = [page(), page()];
  one.set("from the first");
  two.set("from the second");
  one.set("from the first, longer");
  assert.deepEqual(kept(), ["from the first, longer", "from the second"]);
  two.set("");
  assert.deepEqual(kept(), ["from the first, longer"]);
});

test("a reload keeps the draft of its tab, though another is newer", (t) => {
  const { page } = browser(t);
  const [one, two] = [page(), page()];
  one.set("mine");
  two.set("newer");
  two.release();
  one.release();
  assert.equal(page(one.tab).shown.text, "mine");
});

test("of pages that were closed the newest draft comes first, then the older", (t) => {
  const { page } = browser(t);
  const [one, two] = [page(), page()];
  one.set("older");
  t.mock.timers.tick(1000);
  two.set("newer");
  for (const each of [two, one]) each.release();
  const [three, four, five] = [page(), page(), page()];
  assert.deepEqual([three, four, five].map(({ shown }) => shown.text), ["newer", "older", ""]);
});

test("a page that is open keeps its draft", (t) => {
  const { page, patience } = browser(t);
  const one = page();
  one.set("still writing");
  const two = page();
  patience();
  assert.equal(two.shown.text, "");
  assert.equal(one.get(), "still writing");
});

test("a copy of a tab begins a draft of its own", (t) => {
  const { page, patience } = browser(t);
  const one = page();
  one.set("mine");
  const copy = page(new Storage(one.tab));
  patience();
  copy.set("of the copy");
  assert.deepEqual([copy.shown.text, kept()], ["", ["mine", "of the copy"]]);
});

test("the draft of a browser that was killed is found", (t) => {
  const { page, patience } = browser(t);
  const one = page();
  one.set("not lost");
  one.kill();
  const two = page();
  assert.equal(two.shown.text, "", "nobody knows yet");
  patience();
  assert.equal(two.shown.text, "not lost");
  assert.deepEqual(kept(), ["not lost"]);
});

test("who has begun to write meanwhile goes on", (t) => {
  const { page, patience } = browser(t);
  const one = page();
  one.set("from before");
  one.kill();
  const two = page();
  two.set("something else");
  patience();
  assert.equal(two.get(), "something else");
  assert.deepEqual(kept(), ["from before", "something else"]);
});

test("a page that comes back has its draft, unless another has taken it up", (t) => {
  const { page } = browser(t);
  const one = page();
  one.set("put away");
  one.release();
  assert.equal(one.retake(), "put away");
  one.release();
  const two = page();
  assert.equal(two.shown.text, "put away");
  assert.equal(one.retake(), "");
  one.set("new");
  assert.deepEqual(kept(), ["new", "put away"]);
});

test("what the field holds already is the draft", (t) => {
  const { page } = browser(t);
  const one = page();
  one.set("kept");
  one.release();
  assert.equal(page(one.tab, "typed").shown.text, "typed");
  assert.deepEqual(kept(), ["kept", "typed"]);
});

test("a draft from when all pages shared one is taken over", (t) => {
  const { page } = browser(t);
  localStorage.setItem("roundtable:draft:1:lobby", JSON.stringify("of old"));
  assert.equal(page().shown.text, "of old");
  assert.equal(localStorage.getItem("roundtable:draft:1:lobby"), null);
});

test("without storage and channels a draft lives as long as its page", (t) => {
  const { page } = browser(t);
  globalThis.localStorage = globalThis.sessionStorage = null;
  const draft = page(null);
  draft.set("only here");
  draft.release();
  assert.deepEqual([draft.get(), draft.retake()], ["only here", "only here"]);
});
