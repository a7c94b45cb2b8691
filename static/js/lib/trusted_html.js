// The only place where text becomes elements. The content security policy lets no other script do so (Trusted Types).
// What comes here was made and sanitised by the server: the `html` of a message, and pages of this site.

// A browser sends no cookies when it asks for a worker that is a module, so the address says the language.
const worker = () => `/sw.js?language=${encodeURIComponent(document.documentElement.lang)}`;
const policy = globalThis.trustedTypes?.createPolicy("roundtable", {
  createHTML: (html) => html,
  createScriptURL: worker,
});
const trusted = (html) => (policy ? policy.createHTML(html) : html);

/** The address of the service worker: the one script that is named by a script, and the same whatever it asks for. */
export const trustedWorker = () => policy?.createScriptURL("") ?? worker();

export const setHtml = (element, html) => {
  element.innerHTML = trusted(html);
};

/** A fragment of the page that is not in it yet. */
export function parseHtml(html) {
  const template = document.createElement("template");
  setHtml(template, html);
  return template.content;
}

export function parsePage(html) {
  const page = new DOMParser().parseFromString(trusted(html), "text/html");
  // A browser complains of an autofocus that comes while something has the focus.
  for (const node of page.querySelectorAll("[autofocus]")) {
    node.autofocus = false;
    node.dataset.first = "";
  }
  return page;
}
