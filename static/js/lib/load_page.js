// Another page of this site, to take something out of it.

import { parsePage } from "./trusted_html.js";

/** {page, url}: its document, with the styles that it needs loaded into this one, and where it was found in the end. */
export async function loadPage(address, request = {}) {
  const answer = await fetch(address, { ...request, cache: "no-store" });
  const page = parsePage(await answer.text());
  await loadStyles(page);
  return { page, url: answer.url };
}

function loadStyles(page) {
  const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map(({ href }) => href));
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].filter(({ href }) => !known.has(href));
  return Promise.all(missing.map((link) =>
    new Promise((done) => {
      link.onload = link.onerror = done;
      document.head.append(document.adoptNode(link));
    })
  ));
}
