// The one sound of the console: two soft notes, made on the spot.

let context: AudioContext | undefined;

export function chime(): void {
  context ??= new AudioContext();
  // Before the first click on the page a browser plays nothing, and says so by the state.
  if (context.state === 'suspended') void context.resume();
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
