// How a person looks: initials on a hue made from their id. rooms/templatetags/people.py does the same.

import { shownName } from "./people.js";

export function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return words.length > 1 ? words[0][0] + words[1][0] : name.slice(0, 2);
}

export const hue = (id) => `hue-${(id * 5) % 12}`;

export function fillAvatar(node, person) {
  node.className = `avatar ${node.classList.contains("small") ? "small " : ""}${hue(person.id)}${
    person.bot ? " bot" : ""
  }`;
  node.textContent = initials(shownName(person));
}
