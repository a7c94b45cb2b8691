// The service worker's calls to the API, in the session of the person who is signed in.

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

/** From the cookie, or where a worker cannot read cookies, from a small page with a form. */
async function csrfToken() {
  const cookie = await self.cookieStore?.get("csrftoken");
  if (cookie) return cookie.value;
  const page = await (await fetch("/accounts/logout/")).text();
  return page.match(/name="csrfmiddlewaretoken" value="(\w+)"/)?.[1] ?? "";
}
