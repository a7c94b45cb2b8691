// `:tada:` in a text becomes 🎉, but not in code. Pure.

const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;
const NAME = /(?<![\p{L}\p{N}:/])(:([a-z0-9_+-]{1,60}):)/giu;

/** emojiOf(name): what the name becomes, or undefined. */
export const replaceNames = (text, emojiOf) =>
  text.split(CODE).map((part, at) => at % 2 ? part : part.replace(NAME, (whole, _, name) => emojiOf(name) ?? whole))
    .join("");

/** Whether a text has such names. */
export const hasNames = (text) => text.split(CODE).some((part, at) => at % 2 === 0 && part.search(NAME) >= 0);

/** {from, name} of an emoji whose last colon has just been typed, or null. */
export function closedName(before) {
  const found = /(?:^|[^\p{L}\p{N}:/]):([a-z0-9_+-]{1,60}):$/iu.exec(before.slice(-64));
  if (!found || isInCode(before)) return null;
  return { from: before.length - found[1].length - 2, name: found[1] };
}

function isInCode(before) {
  const parts = before.split(CODE);
  const isOpen = (block) => block.startsWith("```") && (block.length < 6 || !block.endsWith("```"));
  const line = parts.at(-1).slice(parts.at(-1).lastIndexOf("\n") + 1);
  return line.includes("`") || (parts.at(-1) === "" && isOpen(parts.at(-2) ?? ""));
}
