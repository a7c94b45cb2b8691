// “Install the app”, in the menu of the server, where the browser offers it.

export function startInstall() {
  const button = document.getElementById("install-app");
  let offer = null;

  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // no bar over the page: whoever wants it finds it in the menu
    offer = event;
    button.hidden = false;
  });
  addEventListener("appinstalled", () => (button.hidden = true));
  button.addEventListener("click", () => {
    document.getElementById("server-menu").hidePopover();
    button.hidden = true; // an offer can be taken once; the browser makes another one
    offer.prompt();
  });
}
