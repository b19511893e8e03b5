// Bytes per second over the last few seconds, calm enough to read.

const WINDOW = 6000;

export class Speed {
  #samples: { at: number; sent: number }[] = [];

  note(sent: number): void {
    const at = performance.now();
    this.#samples.push({ at, sent });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > WINDOW) this.#samples.shift();
  }

  /** Zero until there is enough to tell. */
  get perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 500) return 0;
    return Math.max(0, ((last.sent - first.sent) / (last.at - first.at)) * 1000);
  }

  reset(): void {
    this.#samples = [];
  }
}
