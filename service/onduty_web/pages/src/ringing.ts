/** Calls attention to an offer: the page's title, and a sound where the person agreed to one. */

const KEY = "onduty-sound";

/** Whether the person agreed to a sound. */
export function mayRing(): boolean {
  return localStorage.getItem(KEY) === "yes";
}

/** Remember whether the person agrees. */
export function agreeToRing(agrees: boolean): void {
  localStorage.setItem(KEY, agrees ? "yes" : "no");
}

/** Rings while an offer is outstanding. */
export class Ringing {
  readonly #title = document.title;
  #timer = 0;
  #audio: AudioContext | undefined;

  /** Begin, with what the title says meanwhile. */
  start(words: string): void {
    if (this.#timer !== 0) return;
    let shows = true;
    const turn = (): void => {
      document.title = shows ? `☎ ${words}` : this.#title;
      shows = !shows;
      if (mayRing()) this.#beep();
    };
    turn();
    this.#timer = window.setInterval(turn, 1000);
  }

  /** End. */
  stop(): void {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    document.title = this.#title;
  }

  #beep(): void {
    const audio = (this.#audio ??= new AudioContext());
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.12, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.36);
  }
}
