// Which people fit what is typed after an @, the best first. Pure; rooms/search/name_keys.py finds the same on the server.

const normalize = (text) => text.toLowerCase().replace(/[._-]+/g, " ").trim();

/** Those with a word in one of their names that begins like that: by a whole name first, people before bots, then who is here. */
export function matchPeople(people, query, isHere) {
  const wanted = normalize(query);
  const rankOf = (name) =>
    normalize(name).startsWith(wanted) ? 0 : ` ${normalize(name)}`.includes(` ${wanted}`) ? 1 : 2;
  const rank = ({ name, display_name: shown = "" }) => Math.min(rankOf(name), shown ? rankOf(shown) : 2);
  const order = (person) => [rank(person), Number(Boolean(person.bot)), Number(!isHere(person))];
  return people
    .map((person) => ({ person, order: order(person) }))
    .filter((each) => each.order[0] < 2)
    .sort((a, b) => compareRanks(a.order, b.order) || a.person.name.localeCompare(b.person.name))
    .map(({ person }) => person);
}

const compareRanks = (one, other) =>
  one.map((value, at) => value - other[at]).find((difference) => difference !== 0) ?? 0;
