// Three short sounds, made when they are played: nothing is loaded.

// Each is a few tones: [hertz, when it begins, how long it takes], in seconds.
const SOUNDS = {
  drop: [[1180, 0, 0.09], [790, 0.07, 0.16]],
  bell: [[1046, 0, 0.5], [1568, 0.02, 0.35], [2093, 0.04, 0.25]],
  knock: [[180, 0, 0.07], [180, 0.13, 0.09]],
};
const VOLUME = 0.12;

let context = null;

/** Browsers play nothing on a page that nobody has touched yet. Returns whether it was played. */
export async function play(name) {
  const tones = SOUNDS[name];
  if (!tones || !globalThis.AudioContext) return false;
  context ??= new AudioContext();
  if (context.state === "suspended") {
    await Promise.race([
      context.resume(),
      new Promise((done) => setTimeout(done, 300)),
    ]);
  }
  if (context.state !== "running") return false;
  for (const [hertz, begin, length] of tones) playTone(hertz, context.currentTime + begin, length);
  return true;
}

function playTone(hertz, begin, length) {
  const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(VOLUME, begin + 0.008);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + length);
  tone.connect(volume).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + length + 0.02);
}
