// Forms of pages without a room, which are answered without loading the page anew.

import { listen } from "./scope.js";

// The results of these forms show only in a newly loaded page: the look of the whole page, a file that is downloaded.
const LOADED_ANEW = ["settings", "accounts", "my-data"];

/** The window hears it last: a part of the page may send a form itself. */
export function startPageForms() {
  listen(globalThis, "submit", (event) => {
    const detail = event.defaultPrevented ? null : requestOf(event);
    if (!detail) return;
    // As when going somewhere: whoever can show what it leads to takes it over. See core/rooms.js.
    const isLeft = document.dispatchEvent(new CustomEvent("rt:visit", { detail, cancelable: true }));
    if (!isLeft) event.preventDefault();
  });
}

/** {address, request}: how a form is sent; null: as the browser does. */
function requestOf({ target: form, submitter }) {
  if (!form.closest("#stage") || form.target || form.method === "dialog" || form.enctype.startsWith("multi")) {
    return null;
  }
  const address = new URL(submitter?.getAttribute("formaction") || form.getAttribute("action") || "", location.href);
  if (LOADED_ANEW.includes(address.pathname.split("/")[1])) return null;
  const data = new URLSearchParams(new FormData(form, submitter));
  if (form.method === "post") return { address, request: { method: "POST", body: data } };
  address.search = data;
  return { address, request: {} };
}
