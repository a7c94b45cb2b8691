// Shows the message that is being replied to, above the field.

import { excerptOf } from "../lib/message_text.js";
import { shownName } from "../lib/people.js";
import { t } from "../lib/texts.js";

export function makeReplyBar(bar) {
  const quote = bar.querySelector("q");
  let answered = null;

  return {
    /** The id of the message that is replied to, or null. */
    id: () => answered?.id ?? null,

    show(message) {
      answered = message;
      bar.hidden = false;
      bar.querySelector("span").textContent = t("replyingTo", { name: shownName(message.sender) });
      quote.textContent = excerptOf(message, 100);
    },

    /** It may have been edited or deleted meanwhile. */
    update(messages) {
      const message = answered && messages.get(answered.id);
      if (!message || message === answered) return;
      answered = message;
      quote.textContent = excerptOf(message, 100) || t("deleted");
    },

    hide() {
      answered = null;
      bar.hidden = true;
    },
  };
}
