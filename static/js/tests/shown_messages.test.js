import assert from "node:assert/strict";
import test from "node:test";

import { after, alice, bob, message, messages, robot, room, texts } from "./make.js";

const quoting = (id, excerpt) => message(id, { reply_to: { id: 1, sender: "bob", excerpt } });
const quote = (state, id) => state.messages.get(id).reply_to;
const away = { type: "local.look", looking: false };

test("a quote follows what becomes of the message", () => {
  const begun = room([message(1), quoting(2, "text 1"), message(3)]);
  const edited = after(begun, message(1, { seq: 4, message: "other\n words", edited: "2026-11-20T10:01:00Z" }));
  assert.equal(quote(edited, 2).excerpt, "other words");
  const deleted = after(edited, message(1, { seq: 5, message: "", deleted: true }));
  assert.deepEqual(quote(deleted, 2), { id: 1, sender: "bob", excerpt: "" });
});

test("a quote follows the name of the author", () => {
  const begun = room([message(1), quoting(2, "text 1")]);
  const renamed = after(begun, message(1, { seq: 9, sender: { ...message(1).sender, name: "deleted-account-2" } }));
  assert.equal(quote(renamed, 2).sender, "deleted-account-2");
  assert.equal(quote(renamed, 2).excerpt, "text 1");
});

test("a quote follows a message that the page does not hold", () => {
  const begun = room([quoting(50, "text 1"), message(51)], { more: true });
  const edited = after(begun, message(1, { seq: 52, message: "changed" }));
  assert.equal(quote(edited, 50).excerpt, "changed");
  assert.deepEqual(edited.ids, [50, 51]);
});

test("a reaction to a quoted message leaves the message that quotes it as it is", () => {
  const begun = room([message(1), quoting(2, "text 1")]);
  const reacted = after(begun, message(1, { seq: 3, reactions: [{ emoji: "👍", users: [1] }] }));
  assert.equal(reacted.messages.get(2), begun.messages.get(2));
});

test("a quote shows the words of an edit, and not its Markdown", () => {
  const begun = room([message(1), quoting(2, "text 1")]);
  const html = "<ul>\n<li><strong>one</strong> &amp; <code>&lt;b&gt;</code></li>\n<li>two</li>\n</ul>\n";
  const edited = after(begun, message(1, { seq: 3, message: "- **one** & `<b>`\n- two", html }));
  assert.equal(quote(edited, 2).excerpt, "one & <b> two");
});

test("the quote of a reply that ends changes from what was written so far to its words", () => {
  const writing = message(1, { sender: robot, kind: "bot", state: "streaming", message: "**all**", html: "" });
  const begun = room([writing, quoting(2, "**all**")]);
  const ended = after(begun, { ...writing, seq: 3, state: "complete", html: "<p><strong>all</strong></p>" });
  assert.equal(quote(ended, 2).excerpt, "all");
});

test("what comes while nobody looks is counted, and the first of it gets the line", () => {
  const left = after(
    room(messages(1, 2)),
    away,
    message(3, { sender: alice }),
    message(4),
    message(5, { sender: bob }),
  );
  assert.deepEqual([left.newId, left.unseen], [4, 2]);
  const back = after(left, { type: "local.look", looking: true }, message(6));
  assert.deepEqual([back.newId, back.unseen], [4, 0], "it stays while one reads");
  const seen = after(back, { type: "local.seen", id: 6 });
  assert.equal(after(seen, away, message(7)).newId, 7, "and moves when one has left again");
  assert.equal(after(back, away, message(7)).newId, 4, "but not past what was never on screen");
});

test("a change of an old message is nothing new", () => {
  const state = after(room(messages(1, 2)), away, message(1, { seq: 3, message: "edited" }));
  assert.deepEqual([state.newId, state.unseen], [null, 0]);
});

test("who speaks has read what they saw: the line goes", () => {
  const back = after(room(messages(1, 2)), away, message(3), { type: "local.look", looking: true });
  const say = { type: "local.say", id: "u1", message: "yes" };
  assert.equal(after(back, { type: "local.seen", id: 3 }, say).newId, null);
  assert.equal(after(back, say).newId, 3);
});

test("what is read in another tab is unread here no more", () => {
  const left = after(room(messages(1, 2)), away, message(3));
  const read = { type: "unread", room: "lobby", seq: 3, unread: 0, mention: false };
  assert.equal(after(left, { ...read, room: "other" }).unseen, 1);
  assert.equal(after(left, { ...read, seq: 2 }).unseen, 1, "it was told before the last one came");
  assert.deepEqual([after(left, read).unseen, after(left, read).readSeq], [0, 3]);
});

test("the line moves up while what is loaded above it is new too", () => {
  const begun = room(messages(61, 110), { more: true, newId: 61, readSeq: 40 });
  const older = (from, to) => ({ type: "local.page", where: "before", messages: messages(from, to), more: true });
  assert.equal(after(begun, older(51, 60)).newId, 51);
  assert.equal(after(begun, older(31, 60)).newId, 41);
  assert.equal(after(begun, older(31, 60), older(1, 30)).newId, 41, "and then stays");
  assert.equal(after(room(messages(61, 110), { more: true, newId: 80, readSeq: 40 }), older(51, 60)).newId, 80);
});

const newest = (from, to, seq) => ({
  type: "local.page",
  where: "newest",
  messages: messages(from, to),
  more: true,
  seq,
});

test("a page that was read before what came since asks for that again", () => {
  const reading = { ...room(messages(1, 50), { isNewest: false, newestId: 500 }), seq: 500, heard: 500 };
  const mine = message(501, { sender: alice, client_id: "u1", message: "mine" });
  const said = after(
    reading,
    { type: "local.say", id: "u1", message: "mine" },
    { type: "local.sending", id: "u1" },
    mine,
  );
  const behind = after(said, newest(451, 500, 500));
  assert.deepEqual([behind.seq, behind.catchingUp, behind.repairs], [500, true, 1]);
  const mended = after(behind, mine, { type: "resumed", seq: 501 });
  assert.deepEqual([texts(mended).at(-1), mended.atNewest, mended.seq], ["mine", true, 501]);
  assert.equal(after(mended, newest(452, 501, 501)).repairs, 1, "one that has all asks for nothing");
});

test("while it catches up, a page that lacks what came meanwhile asks for it", () => {
  const lost = after(room(messages(1, 2)), { type: "reset", seq: 900 }, message(901), newest(851, 900, 900));
  assert.deepEqual([lost.repairs, lost.seq], [1, 900]);
  assert.equal(after(lost, message(901), { type: "resumed", seq: 901 }).ids.at(-1), 901);
});

test("the last page of newer messages ends at the newest only if it holds that", () => {
  const reading = { ...room(messages(1, 50), { isNewest: false, newestId: 60 }), seq: 60, heard: 60 };
  const page = { type: "local.page", where: "after", messages: messages(51, 60), more: false, seq: 60 };
  const state = after(reading, message(61), page);
  assert.deepEqual([state.atNewest, state.missed, state.repairs], [false, 1, 1]);
  assert.equal(after(reading, page).atNewest, true);
});

test("what is deleted unseen is unseen no more", () => {
  const gone = (id, seq) => message(id, { seq, deleted: true, message: "", html: "", mentions: [] });
  const left = after(room(messages(1, 2)), away, message(3), message(4, { mentions: [1] }));
  assert.deepEqual([left.unseen, left.unseenMention], [2, 1]);
  const fewer = after(left, gone(4, 5), gone(4, 5), gone(2, 6));
  assert.deepEqual([fewer.unseen, fewer.unseenMention], [1, 0], "each once, and only what was counted");
  assert.equal(after(fewer, message(7, { deleted: true, message: "", html: "" })).unseen, 1);
});

test("unseen mentions are counted apart; in direct messages everything is for me", () => {
  const named = after(
    room(messages(1, 2)),
    away,
    message(3, { mentions: [1] }),
    message(4, { mentions: [2] }),
    message(5, { kind: "notice" }),
  );
  assert.deepEqual([named.unseen, named.unseenMention], [3, 1]);
  assert.equal(after(named, message(4, { seq: 6, mentions: [1] })).unseenMention, 2, "also one that an edit brings");
  const direct = { ...room(messages(1, 2)), room: { name: "lobby", kind: "direct" } };
  assert.equal(after(direct, away, message(3)).unseenMention, 1);
  assert.equal(after(named, { type: "local.look", looking: true }).unseenMention, 0);
  assert.equal(after(named, { type: "unread", room: "lobby", seq: 5, unread: 0, mention: false }).unseenMention, 0);
});
