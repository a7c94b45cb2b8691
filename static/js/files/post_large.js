// One large upload, in pieces, by the tus protocol: after a lost connection or a reload, it goes on where it
// was. See docs/protocol.md.

import { refused } from "./post_file.js";

const PIECE = 5 * 2 ** 20; // bytes
const TRIES = 5; // for a piece that the server takes from somebody else just now: ourselves, before the line broke

/**
 * As post_file.js has it, or done resolves to {isElsewhere: true}: it is to be sent as a whole. upload.address: of what
 * was begun before, if it was; begun() is called when there is a new one.
 */
export function postLarge(upload, progress, begun) {
  let request = null;
  let isAborted = false;
  const { blob } = upload;

  async function send() {
    const start = (upload.address && (await ask())) || (await begin());
    if (!("offset" in start)) return start;
    let { offset, id } = start;
    for (let tries = TRIES; !id;) {
      const answer = await call(
        "PATCH",
        upload.address,
        {
          "Upload-Offset": offset,
          "Content-Type": "application/offset+octet-stream",
        },
        blob.slice(offset, offset + PIECE),
        (loaded) => progress(Math.floor((99 * (offset + loaded)) / blob.size)),
      );
      if (answer.status === 204) ({ offset, id } = placeIn(answer));
      else if (answer.response?.reason === "upload_elsewhere") return { isElsewhere: true }; // hosts, each with a disk of its own
      else if (answer.status !== 409 || !--tries) return refused(answer);
      else {
        await new Promise((done) => setTimeout(done, 1000));
        const found = await ask();
        if (!found) return { isElsewhere: true };
        if (!("offset" in found)) return found;
        ({ offset, id } = found);
      }
    }
    return { id };
  }

  async function begin() {
    const name = btoa(String.fromCodePoint(...new TextEncoder().encode(upload.name)));
    const answer = await call("POST", `/api/rooms/${encodeURIComponent(upload.room)}/uploads`, {
      "Upload-Length": blob.size,
      "Upload-Metadata": `filename ${name}`,
    });
    if (answer.status !== 201) return refused(answer);
    upload.address = answer.getResponseHeader("Location");
    begun();
    return { offset: 0 };
  }

  /** How much has arrived; undefined when it is to be begun anew. */
  async function ask() {
    const answer = await call("HEAD", upload.address);
    if (answer.status === 200) return placeIn(answer);
    return [404, 409].includes(answer.status) ? undefined : refused(answer);
  }

  function call(method, address, headers = {}, body = null, sent = null) {
    if (isAborted) return Promise.reject(new Error("aborted"));
    request = new XMLHttpRequest();
    request.open(method, address);
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const all = { "X-CSRFToken": token, "Tus-Resumable": "1.0.0", Accept: "application/json", ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    request.responseType = "json";
    if (sent) request.upload.addEventListener("progress", ({ loaded }) => sent(loaded));
    const answered = new Promise((resolve, reject) => {
      request.addEventListener("load", () => resolve(request));
      for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, () => reject(new Error(end)));
    });
    request.send(body);
    return answered;
  }

  const abort = () => {
    isAborted = true;
    request?.abort();
  };
  return { done: send().catch(() => ({ isAway: true })), abort };
}

const placeIn = (answer) => ({
  offset: Number(answer.getResponseHeader("Upload-Offset")),
  id: answer.getResponseHeader("Upload-File"),
});
