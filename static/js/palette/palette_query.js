// A query of the palette: @ asks for people, # for rooms, > for commands, also in the wide signs of input methods. Pure.

const WIDE = { "＠": "@", "＃": "#", "＞": ">" };

export function parseQuery(text) {
  const [typed = "", sign = WIDE[typed] ?? typed] = /^[@#>＠＃＞]/.exec(text) ??
    [];
  return { sign, name: text.slice(typed.length).trim() };
}
