// The pages about what is new: the inbox. The sidebar is as on the list of rooms.

import "./list.js";
import { on } from "./core/bus.js";
import { start } from "./core/start.js";
import { t } from "./lib/texts.js";
import { startDraftsList } from "./inbox/drafts_list.js";
import { startInbox } from "./inbox/inbox.js";

start(startInbox);
start(startDraftsList);
on("toast", ({ key, text = t(key) }) => {
  const problem = document.getElementById("activity-problem");
  problem.hidden = false;
  problem.textContent = text;
});
