// What can be typed with a slash in front: its name, and the key of the text that explains it.

export const COMMANDS = [
  ["me", "commandMe"],
  ["topic", "commandTopic"],
  ["invite", "commandInvite"],
  ["catchup", "commandCatchup"],
  ["help", "commandHelp"],
];
