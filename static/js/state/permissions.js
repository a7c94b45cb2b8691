// Who may have a bot's reply written anew: who asked, and moderators; rooms/services/messages.py decides.

export const canRetry = ({ reply_to: question }, { me, room }) =>
  Boolean(room.moderates || room.with || question?.sender === me.name);
