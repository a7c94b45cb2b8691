// Signing out takes what the person kept in this browser away from whoever uses it next. Where drafts or unsent messages
// would be lost, it asks first. What was left by another way of going is removed when another person has signed in.

import { start } from "../core/start.js";
import { confirm } from "../lib/confirm_dialog.js";
import { keysOf } from "../lib/local_storage.js";
import { t } from "../lib/texts.js";

const FORGET_TIMEOUT = 3_000; // ms; a store of the browser may never answer, and the page after signing out tries again
const loadData = () => import("../lib/person_data.js");

export function startSignOut() {
  const { me } = document.getElementById("side-drafts").dataset;

  if (keysOf("").length) loadData().then(({ hasOthers, forgetOthers }) => hasOthers(me) && forgetOthers(me), () => {});
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    event.preventDefault();
    start(leave, event.target);
  });

  async function leave(form) {
    try {
      const { forgetPerson, unsentCount } = await loadData();
      const count = unsentCount(me);
      if (count && !(await confirm(t("signOutLoses", { count }), t("signOut")))) return;
      await Promise.race([forgetPerson(me), new Promise((done) => setTimeout(done, FORGET_TIMEOUT))]);
    } catch {
      // Signing out matters more than what is kept.
    }
    form.submit();
  }
}
