// Going to another page of this site. A page with a room keeps its connection and its sidebar: core/rooms.js.

/** Go to an address: in this page where it can show it, else by loading it. */
export function visit(address) {
  const wanted = new CustomEvent("rt:visit", {
    detail: { address: new URL(address, location.href) },
    cancelable: true,
  });
  if (document.dispatchEvent(wanted)) location.assign(address);
}
