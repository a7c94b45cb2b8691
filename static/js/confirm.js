// Pages that are neither a room nor in its frame: they ask before what cannot be undone.

import { startConfirm } from "./lib/confirm_dialog.js";

startConfirm();
