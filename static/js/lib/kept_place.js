// What somebody had opened and where they were in a part of the page, while what it shows is replaced by what the
// server says now: a form was sent from there.

/** Returns restore(box): opens in the new content what was open, and returns what has taken the place of the focus. */
export function keepPlace(box) {
  const open = new Set([...box.querySelectorAll("details[open]")].map(nameOf));
  const active = box.contains(document.activeElement) ? document.activeElement : null;
  const [key, alike] = [active && keyOf(active), active && keyOf(active, false)];
  const wasAlone = active && all(box).filter((each) => keyOf(each, false) === alike).length === 1;

  return (next) => {
    for (const details of next.querySelectorAll("details")) if (open.has(nameOf(details))) details.open = true;
    if (!active) return null;
    const same = all(next).filter((each) => keyOf(each, false) === alike);
    const found = same.find((each) => keyOf(each) === key);
    if (found) return found;
    // The same button for something else now, as from “Make private” to “Make public”; not that of another person.
    return wasAlone && same.length === 1 ? same[0] : null;
  };
}

/**
 * Put the focus back. What the form has led to is said at the end of its section, where it moves nothing under the
 * pointer that a second press would hit; the style keeps it in sight.
 */
export function returnTo(control, box) {
  if (!control) return;
  const outcome = box.querySelectorAll(".notice-box[role=status]");
  const section = control.closest("section");
  if (section) section.append(...outcome);
  control.focus();
}

const all = (box) => [...box.querySelectorAll("button, input, select, textarea, summary, a[href]")];
const nameOf = (details) => details.querySelector("summary")?.textContent.trim() ?? "";

function keyOf(node, exact = true) {
  const action = node.form?.querySelector("[name=do]")?.value ?? "";
  const own = node.matches("summary, a") ? node.textContent.trim() : "";
  return [node.tagName, node.id, node.name ?? "", action, own, ...(exact ? [rest(node)] : [])].join("\n");
}

/** Identifies the subject of the form: a person, a room or a thing. */
const rest = (node) => (node.form ? [...node.form.elements].filter(isFixed).map(({ value }) => value).join("\n") : "");
const isFixed = ({ type, name }) => (type === "hidden" || type === "submit") && name !== "csrfmiddlewaretoken";
