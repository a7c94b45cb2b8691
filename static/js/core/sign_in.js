// A sign-in dialog for users who are signed out while the page is open. Drafts are kept.

import { emit, on } from "./bus.js";
import { t } from "../lib/texts.js";
import { parsePage } from "../lib/trusted_html.js";

export function startSignIn({ name }) {
  const dialog = document.getElementById("sign-in");
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector(".error");
  const link = document.querySelector("#banner [data-does=sign-in]");

  on("sign-in", () => {
    form.elements.login.value ||= name;
    dialog.showModal();
    form.elements.password.focus();
  });
  dialog.querySelector("header button").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      const page = await parseResponse(await fetch(link.href)); // for a form that belongs to the new, signed-out session
      const fields = new FormData(form);
      fields.set("csrfmiddlewaretoken", page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
      const response = await fetch(link.href, { method: "POST", body: fields });
      const refused = !response.ok || new URL(response.url).pathname === link.pathname;
      const goesOn = !refused && new URL(response.url).pathname.startsWith("/accounts/"); // a second factor is asked for
      if (goesOn) return location.assign(response.url);
      if (!refused) {
        emit("signed-in"); // signing out has removed what the browser kept; this page still has it
        return location.reload();
      }
      problem.textContent = (await parseResponse(response)).querySelector(".error, .errorlist")?.textContent.trim() ||
        t("requestFailed");
    } catch {
      problem.textContent = t("requestFailed");
    }
  });
}

const parseResponse = async (response) => parsePage(await response.text());
