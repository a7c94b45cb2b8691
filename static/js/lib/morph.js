// Changes an element's content and touches only the nodes that differ, so that a selection stays.

/** Make the children of an element like these nodes, which it may take. from: the first of them that may change. */
export function morphChildren(element, wanted, from = 0) {
  wanted.forEach((next, place) => {
    const node = element.childNodes[from + place];
    if (!node) element.append(next);
    else if (!node.isEqualNode(next)) morph(node, next);
  });
  while (element.childNodes.length > from + wanted.length) element.lastChild.remove();
}

function morph(node, next) {
  if (node.nodeName !== next.nodeName) node.replaceWith(next);
  else if (node.nodeType === Node.TEXT_NODE) setData(node, next.data);
  else {
    for (const { name } of [...node.attributes]) if (!next.hasAttribute(name)) node.removeAttribute(name);
    for (const { name, value } of next.attributes) {
      if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    }
    morphChildren(node, [...next.childNodes]);
  }
}

function setData(node, text) {
  if (text.startsWith(node.data)) node.appendData(text.slice(node.length));
  else node.data = text;
}
