// Forms that a passkey fills in: <form data-passkey="create|get|sign-in" data-host="…" data-elsewhere="…" data-failed="…">
// with a hidden field `credential`, a hidden button and a place for what went wrong. What to ask the browser for stands in
// #js_data, or comes from the address of the form (sign-in).

import { readQuestion, writeAnswer } from "./lib/passkey_format.js";

let suggesting; // of the sign-in page, by the field of the user name

export function startPasskeys(within) {
  const form = within.querySelector("form[data-passkey]");
  if (!form || form.dataset.started || !globalThis.PublicKeyCredential) return;
  form.dataset.started = "yes";
  const { passkey, host, elsewhere } = form.dataset;
  const isAtHome = location.hostname === host || location.hostname.endsWith(`.${host}`);
  form.hidden = false; // without this script there is nothing it could do
  if (!isAtHome) return say(form, elsewhere);
  const button = form.querySelector("button[data-asks]");
  button.hidden = false;
  button.addEventListener("click", () => {
    suggesting?.abort();
    ask(form).catch((error) => say(form, isRefusal(error) ? form.dataset.refused : form.dataset.failed));
  });
  if (passkey === "sign-in") suggest(form).catch(() => {}); // people see nothing of it
}

/** The browser offers passkeys where the user name is typed, if it can. */
async function suggest(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  suggesting = new AbortController();
  await ask(form, { mediation: "conditional", signal: suggesting.signal });
}

async function ask(form, more) {
  say(form, "");
  const publicKey = readQuestion(await questionOf(form));
  let credential;
  if (form.dataset.passkey === "create") {
    // A key that can sign in by itself, where the device has such; else one that comes after the password.
    Object.assign(publicKey.authenticatorSelection, {
      residentKey: "preferred",
      requireResidentKey: false,
      userVerification: "preferred",
    });
    credential = await navigator.credentials.create({ publicKey });
  } else credential = await navigator.credentials.get({ publicKey, ...more });
  form.elements.credential.value = writeAnswer(credential);
  form.submit();
}

async function questionOf(form) {
  const given = document.getElementById("js_data");
  if (form.dataset.passkey !== "sign-in") {
    const data = JSON.parse(given.textContent);
    return data.creation_options ?? data.request_options;
  }
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()).request_options;
}

/** The person said no, the device did, or it took too long: browsers do not tell which. */
const isRefusal = (error) => ["NotAllowedError", "AbortError", "InvalidStateError"].includes(error.name);

function say(form, text) {
  form.querySelector("[role=status]").textContent = text;
}

startPasskeys(document);
