// Where each room stands in the sidebar: among the starred ones or the others, in the order that the person chose.

/** rooms: as in GET /api/rooms. */
export function arrangeRooms(rooms) {
  const sorted = rooms.filter((room) => !room.with).sort(compare);
  place("side-starred", sorted.filter((room) => room.starred));
  place("side-rooms", sorted.filter((room) => !room.starred));
}

/** Those with a position of their own, then the others by name. */
export const compare = (one, other) =>
  Number(!one.position) - Number(!other.position) || one.position - other.position ||
  one.title.localeCompare(other.title);

function place(id, rooms) {
  const list = document.getElementById(id);
  const wanted = rooms.map(({ name }) => document.querySelector(`#side li[data-room="${CSS.escape(name)}"]`));
  const now = [...list.querySelectorAll("li[data-room]")];
  const isSame = wanted.length === now.length && wanted.every((item, at) => item === now[at]);
  if (!isSame) list.append(...wanted.filter(Boolean)); // moving takes the focus away: only where it is needed
  if (id === "side-starred") list.closest("details").hidden = !rooms.length;
}
