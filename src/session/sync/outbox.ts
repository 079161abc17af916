import { encode, limits, type Op } from '../../protocol/index.ts';

/**
 * Numbers the patches of a page and keeps the latest for browsers that return.
 * A history that was given up (nobody there to read, too long) leaves a gap in the numbers, so that no old cursor fits by accident.
 */
export class Outbox {
  /** Names one unbroken run of patches; another run of the same page has another. */
  epoch: number;
  #frame: number;
  #history: string[] = [];
  #size = 0;

  constructor(epoch: number, frame: number) {
    this.epoch = epoch;
    this.#frame = frame;
  }

  /** Number of the last patch. */
  get frame(): number {
    return this.#frame;
  }

  /** True while a patch more would still be kept beside all since the last {@link Outbox.trim}. */
  get roomy(): boolean {
    return this.#history.length < limits.historyFrames && this.#size < limits.historySize;
  }

  /** Encodes the next patch and keeps it. */
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

  /** Gives the history up: whoever returns gets a snapshot. */
  skip(): void {
    this.#frame++;
    this.#history = [];
    this.#size = 0;
  }

  /** Forgets patches that the browser acknowledged. */
  trim(acknowledged: number): void {
    const first = this.#frame - this.#history.length + 1;
    for (let frame = first; frame <= acknowledged && this.#history.length > 0; frame++) {
      this.#size -= (this.#history.shift() as string).length;
    }
  }

  /** The patches after `frame`, or undefined when they are not all there. */
  since(frame: number): readonly string[] | undefined {
    const missed = this.#frame - frame;
    if (missed < 0 || missed > this.#history.length) return undefined;
    return missed === 0 ? [] : this.#history.slice(-missed);
  }
}
