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
    agreed = asks;
    form.requestSubmit(submitter);
  }, { capture: true });
}
