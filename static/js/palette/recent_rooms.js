// The rooms that this browser was in, the last one first: what the palette begins with. Only their names are kept.

import { storedItem } from "../lib/local_storage.js";

const MOST = 20;
const place = (person) => storedItem(`recent-rooms:${person}`);

/** Names of rooms, and of people with an @ whose direct messages have not begun. */
export const recentRooms = (person) => [place(person).get() ?? []].flat();

export function rememberRoom(person, { name, with: other }) {
  const id = name || (other && `@${other.name}`);
  if (id) place(person).set([id, ...recentRooms(person).filter((each) => each !== id)].slice(0, MOST));
}
