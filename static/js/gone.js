// Removes what this browser keeps of whoever has just signed out or deleted their account; accounts/leaving.py says who.

import { forgetPerson } from "./lib/person_data.js";

const me = /(?:^|; )gone=(\d+)/.exec(document.cookie)?.[1];
if (me) forgetPerson(me).finally(() => (document.cookie = "gone=; path=/; max-age=0; samesite=lax"));
