// The one sound of the console: two soft notes, made on the spot.

let context: AudioContext | undefined;

/** What could not be heard by then is not played any more. */
const LATE_MS = 1_000;

export function chime(): void {
  context ??= new AudioContext();
  if (context.state === 'running') return play(context);
  // Before the first click on the page a browser plays nothing: it resumes with that click, and whatever was missed would come all at once.
  const silent = context;
  const asked = performance.now();
  void silent.resume().then(() => performance.now() - asked < LATE_MS && play(silent));
}

function play(context: AudioContext): void {
  const start = context.currentTime;
  for (const [at, pitch] of [[0, 659.25], [0.12, 880]] as const) {
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, start + at);
    loudness.gain.linearRampToValueAtTime(0.12, start + at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + at + 0.32);
    tone.connect(loudness).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + 0.35);
  }
}
