import assert from "node:assert/strict";
import test from "node:test";

import { excerptOf, isEmojiOnly, isRightToLeft, visibleText } from "../lib/message_text.js";

test("the words in safe html", () => {
  for (
    const [html, words] of [
      ["<p>hi <strong>all</strong><br>\nthere</p>\n", "hi all\nthere\n"],
      ['<p><a href="https://example.org/?a=1&amp;b=2" rel="ugc">a &gt; b</a></p>', "a > b"],
      ['<pre class="code" data-language="x>y"><code>&lt;b&gt; &amp;amp; &quot;c&quot;</code></pre>', '<b> &amp; "c"'],
      ["a&nbsp;b &unknown; & c", "a\u00a0b &unknown; & c"],
    ]
  ) {
    assert.equal(visibleText(html), words);
  }
});

const said = (message, html = "", fields = {}) => ({ message, html, state: "complete", deleted: false, ...fields });

test("the words of a message stand on one line and are cut as the server cuts them", () => {
  assert.equal(excerptOf(said("**a**", "<p><strong>a</strong></p>\n")), "a");
  assert.equal(excerptOf(said("a\n b ")), "a b");
  assert.equal(excerptOf(said("a ".repeat(80)), 120), `${"a ".repeat(59)}a…`);
  assert.equal(excerptOf(said("🎉".repeat(120)), 120), "🎉".repeat(120));
  assert.equal(excerptOf(said("gone", "", { deleted: true })), "");
  assert.equal(excerptOf(said("", "", { files: [{ name: "a.pdf" }, { name: "b.png" }] })), "📎 a.pdf, b.png");
});

test("while a reply is written, its html is that of another text", () => {
  assert.equal(excerptOf(said("so far **so", "<p>before</p>", { state: "streaming" })), "so far **so");
});

test("a few emoji alone are told from words, digits and many emoji", () => {
  for (const text of ["🎉", "👍🏽 ❤️", "🇨🇭👨‍👩‍👧‍👦"]) assert.equal(isEmojiOnly(text), true, text);
  for (const text of ["", "12", "🎉 hooray", "🎉".repeat(40)]) assert.equal(isEmojiOnly(text), false, text);
});

test("a text runs in the direction of its first letter", () => {
  for (const text of ["שלום", "12. مرحبا and more", "«שלום»"]) assert.equal(isRightToLeft(text), true, text);
  for (const text of ["", "12", "hello שלום", "🎉"]) assert.equal(isRightToLeft(text), false, text);
});
