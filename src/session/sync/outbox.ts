import { encode, limits, type Op } from '../../protocol/index.ts';

/**
 * Numbers the patches of a page and retains the latest ones for browsers that return. When it drops
 * its history (no browser reads, or it is too long), it skips numbers, so that no old cursor fits
 * by accident.
 */
export class Outbox {
  /** Names one unbroken run of patches of a page. */
  epoch: number;
  #frame: number;
  #history: string[] = [];
  #size = 0;

  constructor(epoch: number, frame: number) {
    this.epoch = epoch;
    this.#frame = frame;
  }

  /** The number of the last patch. */
  get frame(): number {
    return this.#frame;
  }

  /** True while the outbox can retain one more patch beside all since the last {@link Outbox.trim}. */
  get roomy(): boolean {
    return this.#history.length < limits.historyFrames && this.#size < limits.historySize;
  }

  /** Encodes and retains the next patch. */
  push(ops: readonly (Op | number)[]): string {
    this.#frame++;
    const text = encode([this.#frame, ...ops]);
    this.#history.push(text);
    this.#size += text.length;
    while (this.#history.length > limits.historyFrames || this.#size > limits.historySize) {
      this.#size -= (this.#history.shift() as string).length;
    }
    return text;
  }

  /** Drops the history, so that a returning browser gets a snapshot. */
  skip(): void {
    this.#frame++;
    this.#history = [];
    this.#size = 0;
  }

  /** Drops the patches that the browser acknowledged. */
  trim(acknowledged: number): void {
    const first = this.#frame - this.#history.length + 1;
    for (let frame = first; frame <= acknowledged && this.#history.length > 0; frame++) {
      this.#size -= (this.#history.shift() as string).length;
    }
  }

  /** Returns the patches after `frame`, or undefined when some of them are dropped. */
  since(frame: number): readonly string[] | undefined {
    const missed = this.#frame - frame;
    if (missed < 0 || missed > this.#history.length) return undefined;
    return missed === 0 ? [] : this.#history.slice(-missed);
  }
}
