// One row of the palette, made of the page's template.

import { fillAvatar } from "../lib/avatars.js";
import { keyCaps } from "../core/keys.js";
import { t } from "../lib/texts.js";

const TITLES = { search: "searchFor", create: "createRoom" };
const ICONS = { direct: "person" };

export function makeRow(item) {
  const row = document.createElement(item.address ? "a" : "div");
  row.append(document.getElementById("palette-row-template").content.cloneNode(true));
  row.id = `palette-${item.kind}-${item.id ?? item.name}`;
  row.setAttribute("role", "option");
  row.tabIndex = -1;
  if (item.address) row.href = item.address;
  else row.dataset.command = item.id;
  const key = TITLES[item.kind];
  row.querySelector(".palette-name").textContent = key ? t(key, { text: item.title, name: item.title }) : item.title;
  const handle = item.person?.display_name ? `@${item.person.name}` : "";
  row.querySelector(".palette-note").textContent = item.was ? t("roomWas", { title: item.was }) : item.topic ?? handle;
  showIcon(row, item);
  showTag(row.querySelector(".tag"), item);
  row.querySelector(".palette-keys").append(...keysOf(item));
  return row;
}

function showIcon(row, { kind, person, avatar, picture }) {
  const wanted = ICONS[kind] ?? kind;
  for (const icon of row.querySelectorAll("[data-kind]")) if (icon.dataset.kind !== wanted) icon.remove();
  const place = row.querySelector(".avatar");
  if (picture) row.querySelector("[data-kind]").replaceWith(picture.cloneNode());
  if (avatar) place?.replaceWith(avatar.cloneNode(true));
  else if (person) fillAvatar(place, person);
}

function showTag(tag, { canJoin, person, unread }) {
  const text = canJoin ? t("paletteJoin") : person?.bot ? t("bot") : unread ?? "";
  tag.hidden = !text;
  tag.textContent = text;
  tag.classList.toggle("count", Boolean(unread));
}

function keysOf({ kind, combos = [] }) {
  if (kind !== "command" || !combos.length) return [];
  return keyCaps(combos[0], (key) => t(`cap_${key}`)).map((cap) =>
    Object.assign(document.createElement("kbd"), { textContent: cap })
  );
}
