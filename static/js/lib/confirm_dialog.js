// One dialog that asks before something is done that concerns others or cannot be undone. A button or form with
// `data-confirm="<question>"` is asked about before it is sent; without a script it is sent at once.

/** Ask; resolves to whether the person agreed. action: the word on the button. */
export function confirm(question, action) {
  const dialog = document.getElementById("confirm");
  const button = dialog.querySelector("[value=yes]");
  dialog.querySelector("p").textContent = question;
  button.textContent = action;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[value='']").focus(); // an `autofocus` would make the browser complain at each page
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Ask about each form that is sent by a button with a question, or has one itself. */
export function startConfirm() {
  let agreed = null; // the button, or the form, that was agreed to

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const asks = [submitter, form].find((each) => each?.dataset?.confirm);
    if (!asks) return;
    if (agreed === asks) {
      agreed = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const word = submitter?.firstChild?.textContent.trim() || submitter?.textContent.trim() || "";
    if (!(await confirm(asks.dataset.confirm, word))) return;
    const [now, button] = form.isConnected ? [form, submitter] : drawnAnew(form, submitter);
    if (!now) return;
    button?.focus(); // where one was
    agreed = asks === form ? now : button;
    now.requestSubmit(button);
  }, { capture: true });
}

/** The same form and button, where what they stand in was drawn anew while the question was open. */
function drawnAnew(form, submitter) {
  const now = [...document.forms].find((each) => contentOf(each) === contentOf(form));
  return [now, submitter && [...now?.elements ?? []].find((each) => each.isEqualNode(submitter))];
}

/** Where it is sent, and what it says: of two that look the same, each removes another person. */
const contentOf = (form) =>
  JSON.stringify([
    form.getAttribute("action"),
    ...[...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"),
  ]);
