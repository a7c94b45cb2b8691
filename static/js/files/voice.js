// Records a voice message. What was recorded is a file in the tray: to be listened to, removed, or sent.

import { emit, on } from "../core/bus.js";
import { whenLeft } from "../core/scope.js";
import { loadStyles } from "./cards.js";
import { withDuration } from "./webm_duration.js";
import { t } from "../lib/texts.js";

const MAX_SECONDS = 5 * 60;
const STEP = 200; // ms between two looks at the level
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export function startVoice() {
  const button = document.getElementById("composer-voice");
  const bar = document.getElementById("voice-template").content.firstElementChild.cloneNode(true);
  let current = null; // {recorder, stream, level, timer, begun, isKept}
  let asks = false; // for the microphone

  on("record-voice", () => current ? end(true) : begin());
  whenLeft(() => current && end(false));
  bar.addEventListener("click", ({ target }) => {
    const { voice } = target.closest("button")?.dataset ?? {};
    if (voice && current) end(voice === "stop");
  });

  async function begin() {
    if (asks) return;
    asks = true;
    try {
      const [stream] = await Promise.all([navigator.mediaDevices.getUserMedia({ audio: true }), loadStyles("tray")]);
      if (button.isConnected) record(stream);
      else release(stream); // the person has gone to another room meanwhile
    } catch (error) {
      emit("toast", { key: error.name === "NotAllowedError" ? "microphoneRefused" : "microphoneMissing" });
    } finally {
      asks = false;
    }
  }

  function record(stream) {
    const recorder = new MediaRecorder(stream, { mimeType: TYPES.find((type) => MediaRecorder.isTypeSupported(type)) });
    const mine = { recorder, stream, level: levelOf(stream), begun: performance.now(), pieces: [], isKept: false };
    recorder.addEventListener("dataavailable", ({ data }) => mine.pieces.push(data));
    recorder.addEventListener("stop", () => mine.isKept && keep(mine));
    current = mine;
    recorder.start();
    mine.timer = setInterval(show, STEP);
    document.getElementById("composer-about").after(bar);
    button.setAttribute("aria-pressed", "true");
    bar.querySelector("[role=status]").textContent = t("recording");
    bar.querySelector("[data-voice=stop]").focus();
    show();
  }

  function show() {
    const seconds = secondsOf(current);
    bar.querySelector("[role=timer]").textContent = `${Math.floor(seconds / 60)}:${
      String(seconds % 60).padStart(2, "0")
    }`;
    bar.querySelector("meter").value = current.level.read();
    if (seconds >= MAX_SECONDS) end(true);
  }

  function end(isKept) {
    const { recorder, stream, level, timer } = current;
    Object.assign(current, { isKept, seconds: Math.max(1, secondsOf(current)) });
    current = null;
    clearInterval(timer);
    recorder.stop();
    release(stream);
    level.close();
    bar.remove();
    button.setAttribute("aria-pressed", "false");
    if (!isKept) document.getElementById("composer-text").focus();
  }
}

async function keep({ recorder, pieces, seconds }) {
  const [type] = recorder.mimeType.split(";");
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  const name = `${t("voiceName", { seconds })}.${type.slice("audio/".length).replace("mp4", "m4a")}`;
  emit("attach", { files: [new File([withDuration(bytes, seconds * 1000)], name, { type })] });
}

const secondsOf = ({ begun }) => Math.floor((performance.now() - begun) / 1000);
const release = (stream) => stream.getTracks().forEach((track) => track.stop());

/** read(): how loud it is now, from 0 to 100. */
function levelOf(stream) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  const samples = new Uint8Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  return {
    read() {
      analyser.getByteTimeDomainData(samples);
      return Math.min(100, samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0) * 1.5);
    },
    close: () => context.close(),
  };
}
