// Makes these nodes the children of a box, in this order. What stays is not touched: it keeps the focus and a pointer.

export function reconcileChildren(box, wanted) {
  const kept = new Set(wanted);
  for (const node of [...box.childNodes]) if (!kept.has(node)) node.remove();
  let at = box.firstChild;
  for (const node of wanted) {
    if (node === at) at = at.nextSibling;
    else box.insertBefore(node, at);
  }
}
