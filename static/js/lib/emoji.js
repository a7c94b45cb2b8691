// The emoji the picker offers and `:name` completes: those people use in chats, each with the words to find it.

const source =
  `👍 thumbs up yes|👎 thumbs down no|❤️ heart love|😂 joy laugh tears|😄 smile happy|😊 blush glad|🙂 slight smile|😉 wink|😍 love eyes|🤔 thinking hmm|😅 sweat relief|😬 grimace|😢 cry sad|😭 sob|😡 angry|😱 scream shock|🤯 mind blown|😴 sleep tired|🥳 party face|😎 cool sunglasses|🤗 hug|🙄 eye roll|😇 angel|🤷 shrug|🤦 facepalm|👏 clap applause|🙌 raised hands hooray|🙏 please thanks pray|👋 wave hello bye|👌 ok fine|✌️ peace victory|🤞 fingers crossed luck|💪 strong muscle|👀 eyes look|🧠 brain|🎉 tada party celebrate|🎂 cake birthday|🎁 gift present|🏆 trophy win|🥇 medal first|🚀 rocket ship launch|🔥 fire hot|✨ sparkles new|⭐ star|💯 hundred|✅ check done|❌ cross wrong|❗ exclamation|❓ question|⚠️ warning|💡 idea bulb|🐛 bug|🔧 wrench fix|🔨 hammer build|⚙️ gear settings|🔒 lock safe|🔑 key|🔍 search find|📌 pin|📎 clip attach|📝 note write memo|📅 calendar date|⏰ alarm clock time|⏳ hourglass wait|📈 chart up|📉 chart down|📦 package box|🚢 ship boat|🚗 car|🚲 bike|✈️ plane travel|🏠 home house|☕ coffee|🍵 tea|🍺 beer|🍷 wine|🍕 pizza|🍔 burger|🥗 salad|🍎 apple|🍌 banana|🍫 chocolate|🍪 cookie|🌱 plant grow|🌳 tree|🌸 blossom flower|🌞 sun|🌧️ rain|❄️ snow cold|🌈 rainbow|🌍 earth world|🐱 cat|🐶 dog|🐻 bear|🦊 fox|🐧 penguin|🦄 unicorn|🐢 turtle slow|🐝 bee|🎵 music|🎸 guitar|🎮 game|⚽ football soccer|🏃 run|🧘 calm yoga|💤 zzz sleep|💬 speech talk|🤖 robot bot|👻 ghost|💀 skull|💔 broken heart|💚 green heart|💙 blue heart|👉 point right|👈 point left|☝️ up|👇 down|➕ plus add|➖ minus|🆗 ok|🆕 new|🔴 red|🟢 green|🟡 yellow`;

export const EMOJI = source.split("|").map((entry) => {
  const [emoji, ...words] = entry.split(" ");
  return { emoji, name: words.join("_"), words };
});

export const FREQUENT = ["👍", "❤️", "😂", "🎉", "👀", "🙏"];

/** Those with a word that begins with `query`, the best first. */
export function findEmoji(query, most = 8) {
  const wanted = query.toLowerCase();
  const fits = EMOJI.filter(({ words, name }) =>
    name.startsWith(wanted) || words.some((word) => word.startsWith(wanted))
  );
  return fits.sort((a, b) => Number(b.name.startsWith(wanted)) - Number(a.name.startsWith(wanted))).slice(0, most);
}
