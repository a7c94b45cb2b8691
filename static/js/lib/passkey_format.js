// Questions for the browser's passkeys and its answers, between JSON and bytes. Browsers learnt to do this themselves
// later than they learnt passkeys (`parseRequestOptionsFromJSON`; Safari 18.4).

const BYTES = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (list) => list.map((each) => ({ ...each, id: toBytes(each.id) }));

/** What the server asks for (WebAuthn's `publicKey`), as navigator.credentials takes it. */
export function readQuestion({ publicKey }) {
  const read = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (read.user) read.user = { ...read.user, id: toBytes(read.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) if (read[name]) read[name] = withBytes(read[name]);
  return read;
}

/** A credential as the server reads it. */
export function writeAnswer(credential) {
  const given = BYTES.filter((name) => credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(given.map((name) => [name, toText(credential.response[name])])),
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}
