// How a person looks: their picture, or initials on a hue made from their id. rooms/templatetags/people.py does the same.

import { shownName } from "./people.js";

export function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return words.length > 1 ? words[0][0] + words[1][0] : name.slice(0, 2);
}

export const hue = (id) => `hue-${(id * 5) % 12}`;

export function fillAvatar(node, person) {
  const kept = ["small", "here"].filter((name) => node.classList.contains(name));
  node.className = ["avatar", ...kept, hue(person.id), ...(person.bot ? ["bot"] : [])].join(" ");
  node.textContent = initials(shownName(person));
  if (person.avatar) node.append(pictureAt(person.avatar));
}

/** The picture of a room on its mark, which is a `.room-picture` before the icon that else stands there. */
export function showRoomPicture(node, address) {
  node.hidden = !address;
  if (!address) node.removeAttribute("src");
  else if (node.getAttribute("src") !== address) node.src = address;
}

function pictureAt(address) {
  const picture = document.createElement("img");
  Object.assign(picture, { alt: "", loading: "lazy", decoding: "async" });
  picture.src = address;
  return picture;
}
