// What can complete the word that is being typed: @ people and bots, # rooms, : emoji, / commands.

import { call } from "../core/api.js";
import { inMyTone } from "../lib/emoji_choice.js";
import { makeLookup } from "../lib/lookup.js";
import { findOwnEmoji, loadOwnEmoji } from "../lib/own_emoji.js";
import { matchPeople } from "../lib/name_matching.js";
import { shownName } from "../lib/people.js";
import { COMMANDS } from "../lib/slash_commands.js";
import { t } from "../lib/texts.js";
import { knownPeople } from "../state/people_state.js";

const MAX_ITEMS = 8;

/**
 * later(sign, query): there is more now for this word. Returns itemsFor(sign, query, before) → [{insert, label, note?,
 * person?, emoji?}], what is known now; before: the text up to the caret.
 */
export function makeCompletionItems(store, botName, later) {
  const { room } = store.state;
  const members = lookUp(`/api/rooms/${encodeURIComponent(room.name)}/members`);
  const rooms = lookUp("/api/jump");
  let findEmoji = null;

  /** Who the page knows at once, and all members when the server has told who they are. */
  function people(query) {
    const { me, online, blocked } = store.state;
    const answer = members.get(query);
    if (!answer && room.kind !== "direct") members.want(query).then((late) => late && later("@", query));
    const known = new Map([[botName, { id: 0, name: botName, bot: true }]]);
    for (const person of [...(answer?.members ?? []), ...knownPeople(store.state)]) known.set(person.name, person);
    const others = [...known.values()].filter(({ id, name }) => name !== me.name && !blocked.has(id));
    const named = matchPeople(others, query, ({ id }) => online.has(id))
      .map((person) => ({
        insert: `@${person.name}`,
        label: shownName(person),
        note: person.display_name && `@${person.name}`,
        person,
      }));
    const calls = (answer?.calls ?? []).map(({ name, people: count }) => ({
      insert: `@${name}`,
      label: `@${name}`,
      note: t("callPeople", { count }),
    }));
    return query ? [...calls, ...named] : [...named.slice(0, MAX_ITEMS - calls.length), ...calls];
  }

  /** A room is named by a link, which leads there for whoever may see it. */
  function roomLinks(query) {
    if (!query) return [];
    const answer = rooms.get(`#${query}`);
    if (!answer) rooms.want(`#${query}`).then((late) => late && later("#", query));
    return (answer?.rooms ?? []).map(({ name, title, topic, was }) => ({
      insert: `[#${title.replace(/[[\]\\]/g, "\\$&")}](/chat/${encodeURIComponent(name)}/)`,
      label: `# ${title}`,
      note: was ? t("roomWas", { title: was }) : topic,
    }));
  }

  /** None until they are loaded, which not every visit needs. */
  function emoji(query) {
    if (query.length < 2) return [];
    if (findEmoji) {
      const own = findOwnEmoji(query).map((sign) => ({ insert: sign, label: sign, emoji: sign }));
      return own.concat(
        findEmoji(query, MAX_ITEMS).map((each) => ({
          insert: inMyTone(each),
          label: `:${each.names[0]}:`,
          emoji: inMyTone(each),
        })),
      );
    }
    Promise.all([import("../lib/emoji.js"), loadOwnEmoji()]).then(([loaded]) => {
      findEmoji = loaded.findEmoji;
      later(":", query);
    }, () => {}); // away: the next letter asks again
    return [];
  }

  function commands(query, before) {
    if (before.trimStart().length !== query.length + 1) return []; // a command stands at the beginning
    return COMMANDS.filter(([name]) => name.startsWith(query))
      .map(([name, key]) => ({ insert: `/${name}`, label: `/${name}`, note: t(key) }));
  }

  const sources = { "@": people, "#": roomLinks, ":": emoji, "/": commands };
  return (sign, query, before) => sources[sign](query, before).slice(0, MAX_ITEMS);
}

const lookUp = (address) =>
  makeLookup((q, signal) => call("GET", `${address}?${new URLSearchParams({ q })}`, undefined, signal));
