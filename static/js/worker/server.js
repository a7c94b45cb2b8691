// Calls of the service worker to the API, as whoever is signed in.

export async function read(path) {
  return (await checked(await fetch(path, { headers: { Accept: "application/json" } }))).json();
}

export async function post(path, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": await csrfToken() };
  return checked(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

function checked(answer) {
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer;
}

/** A worker has no document.cookie, and not every browser lets it read cookies: then a small page with a form has it. */
async function csrfToken() {
  const cookie = await self.cookieStore?.get("csrftoken");
  if (cookie) return cookie.value;
  const page = await (await fetch("/accounts/logout/")).text();
  return page.match(/name="csrfmiddlewaretoken" value="(\w+)"/)?.[1] ?? "";
}
