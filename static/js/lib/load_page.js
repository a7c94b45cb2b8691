// Loads another page of this site, to take something out of it.

import { parsePage } from "./trusted_html.js";

/**
 * {page, url}: its document, with the styles that it needs loaded into this one, and where it was found in the end.
 * Throws where the server cannot make it: what is on the screen is better than a page that says so.
 */
export async function loadPage(address, request = {}) {
  const answer = await fetch(address, { ...request, cache: "no-store" });
  if (answer.status >= 500) throw new Error(`status ${answer.status}`);
  const page = parsePage(await answer.text());
  await loadStyles(page);
  return { page, url: answer.url };
}

function loadStyles(page) {
  const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].flatMap(sheetsOf));
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].filter((link) =>
    !sheetsOf(link).every((sheet) => known.has(sheet))
  );
  return Promise.all(missing.map((link) =>
    new Promise((done) => {
      link.onload = link.onerror = done;
      document.head.append(document.adoptNode(link));
    })
  ));
}

/** Several that are sent as one are named (common/stylesheets.py); of another one, the name in its address. */
function sheetsOf({ dataset, href }) {
  return dataset.sheets?.split(" ") ?? [href.match(/\/css\/(\w+)\./)?.[1] ?? href];
}
