import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import {
  importsOf,
  isLeaving,
  isPart,
  isRecent,
  isServed,
  keptAs,
  markKept,
  readPage,
  ROOMS_KEPT,
  tooMany,
  withImports,
} from "../worker/rules.js";
import { addressOf, isShownBy, optionsOf, parse } from "../worker/payload.js";

const at = (address) => keptAs(new URL(address, "https://chat.example"));

test("a room is kept under one address, other pages only where they show the same to everybody who comes", () => {
  assert.equal(at("/chat/lobby/?around=5#m5"), "/chat/lobby/");
  assert.equal(at("/dm/bob/"), "/dm/bob/");
  assert.equal(at("/chat/"), "/chat/");
  for (const other of ["/chat/?q=tea", "/chat/lobby/about/", "/inbox/", "/settings/", "/api/rooms", "/my-data/"]) {
    assert.equal(at(other), null);
  }
});

test("what was kept while a clock was fast is not taken for new", () => {
  assert.ok(isRecent(1000, 500, 1400));
  assert.ok(!isRecent(1000, 500, 1500));
  assert.ok(!isRecent(9_000_000, 500, 1400));
  assert.ok(!isRecent(undefined, 500, 1400));
});

test("an answer of a proxy whose server is away is none of the server", () => {
  for (const status of [200, 302, 404, 500, 501]) assert.ok(isServed({ status }), status);
  for (const status of [502, 503, 504]) assert.ok(!isServed({ status }), status);
});

test("no file that somebody sent is kept, but its small picture", () => {
  assert.ok(isPart("/files/ab12/previews/360.webp") && isPart("/avatars/3/ab.webp") && isPart("/static/js/main.1.js"));
  assert.ok(!isPart("/files/ab12/secret.pdf") && !isPart("/api/rooms") && !isPart("/avatar"));
  assert.ok(isLeaving("/accounts/login/") && isLeaving("/accounts/logout/") && !isLeaving("/accounts/profile/"));
});

test("a page says whose it is; what people write in it says nothing", () => {
  const html = `<!doctype html>\n<html lang="en">\n<title>Tea\n · Roundtable</title><link href="/static/css/a.css">
    <li id="side-drafts" data-me="7"></li><p> id="side-drafts" data-me="8" "seq":999 <img src="/files/k/x.png">
    <img src="/files/k/previews/360.webp"><svg><use href="/static/icons/sprite.svg#bell"></use></svg></p>
    <script type="application/json" id="boot">{"room":{"title":"\\"seq\\":5"},"seq":12}</script>`;
  const parts = ["/static/css/a.css", "/files/k/previews/360.webp", "/static/icons/sprite.svg"];
  assert.deepEqual(readPage(html), { me: "7", seq: 12, title: "Tea", parts });
  assert.match(markKept(html, 0), /<html data-kept="1970-01-01T00:00:00.000Z" lang="en">/);
});

test("a module comes with what it imports, at once or later, however it was written and minified", () => {
  const text =
    'import{a}from"./a.1.js";import "../b.2.js";export{c}from "./c.3.js";x=()=>import("../lib/d.4.js").then(f)';
  const found = ["/static/js/core/a.1.js", "/static/js/b.2.js", "/static/js/core/c.3.js", "/static/js/lib/d.4.js"];
  assert.deepEqual(importsOf(text, "/static/js/core/x.0.js"), found);
  assert.deepEqual(
    importsOf('import("../emoji/data.5.js");import("../joined/lib_emoji.6.js")', "/static/js/lib/x.js"),
    [],
  );
  const modules = { x: ["a"], a: ["b", "x"], b: [] };
  assert.deepEqual([...withImports(["x"], modules)], ["x", "a", "b"]);
});

test("of rooms the newest are kept", () => {
  const pages = { "/chat/": { at: 0 } };
  for (let number = 0; number < ROOMS_KEPT + 2; number += 1) pages[`/chat/room-${number}/`] = { at: 100 - number };
  assert.deepEqual(tooMany(pages), ["/chat/room-10/", "/chat/room-11/"]);
});

test("pushes that were recorded from an earlier version are shown and closed", () => {
  const recorded = JSON.parse(readFileSync(new URL("./pushes.json", import.meta.url), "utf8"));
  const [mention, trial, close] = recorded.map((each) => parse(JSON.stringify(each)));
  const ours = { reply: "", read: "", badge: "/static/badge.png", icon: "/static/icon.png" };
  const { actions, data, ...shown } = optionsOf(mention, ours);
  assert.deepEqual(shown, {
    body: "@alice is there any left?",
    tag: "room:tea",
    renotify: true,
    icon: "/avatars/3/ab.webp",
    badge: "/static/badge.png",
    timestamp: Date.UTC(2026, 10, 30, 10),
  });
  assert.deepEqual(actions.map(({ title }) => title), ["Reply", "Mark as read"]);
  assert.equal(addressOf(data, "https://chat.example"), "/chat/tea/#m5");
  assert.deepEqual([trial.title, optionsOf(trial, ours).icon], ["Roundtable", "/static/icon.png"]);
  assert.deepEqual([close.type, close.tags, close.badge], ["close", ["room:tea"], 6]);
});

test("a push of another version still says that there is something, and leads nowhere else", () => {
  for (const text of [undefined, "", "{", "null", '{"type":"later"}']) assert.equal(parse(text).url, "/inbox/");
  const told = parse(
    '{"v":1,"type":"show","title":"a","url":"/chat/tea/#m5","room":"tea","message":5,"tag":"room:tea"}',
  );
  const origin = "https://chat.example";
  assert.equal(addressOf(told, origin), "/chat/tea/#m5");
  assert.equal(addressOf({ url: "https://evil.example/chat/" }, origin), "/inbox/");
  assert.equal(addressOf({ url: "javascript:alert(1)" }, origin), "/inbox/");
  assert.ok(isShownBy("/chat/tea/", told, origin) && !isShownBy("/chat/coffee/", told, origin));
  const words = { reply: "Reply", read: "Mark as read" };
  assert.deepEqual(optionsOf(told, words).actions.map(({ action }) => action), ["reply", "read"]);
  const german = optionsOf({ ...told, words: { reply: "Antworten" } }, words).actions;
  assert.deepEqual(german.map(({ title }) => title), ["Antworten", "Mark as read"], "else as the worker has it");
  assert.deepEqual(optionsOf(parse(""), words).actions, []);
  assert.equal(optionsOf(parse(""), words).renotify, false); // without a tag it would be refused
});
