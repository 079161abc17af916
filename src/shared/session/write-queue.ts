import type { Clock } from '../../clock/index.ts';
import { type ItemOp, sizeOfOp } from '../../collection/index.ts';
import { decode, encode } from '../../storage/index.ts';
import { idle, isOver, type JobView } from '../job-view.ts';
import { sharedLimits } from '../limits.ts';
import { calledBy, type Op, type SharedObject, type Snapshot } from '../protocol.ts';

/** The port of a write queue to its session. */
export interface WriteQueueHost {
  readonly clock: Pick<Clock, 'newId'>;
  /** Returns a fresh stub of the shared object. */
  object(): SharedObject;
  /** Returns the version of the session's value. */
  known(): number;
  pause(failures: number): Promise<void>;
  keepAlive(promise: Promise<unknown>): void;
  /** Called when the oldest write was acknowledged, with a value that includes it. The session stores the rest again. */
  answered(snapshot: Snapshot, op: Op): void;
  /** Called when a write has failed repeatedly. */
  failing(error: unknown): void;
}

interface QueuedWrite {
  readonly id: string;
  readonly op: Op;
}

/**
 * A session's unacknowledged writes to one shared object, oldest first. A write has an id and is durable before the session sends
 * it, so it is applied once.
 */
export class WriteQueue {
  readonly #name: string;
  readonly #host: WriteQueueHost;
  readonly #ops: QueuedWrite[] = [];
  /** Number of durable writes, which may be sent. */
  #durable = 0;
  /** Number of writes that may have been sent, also in an earlier activation. They are no longer merged. */
  #left = 0;
  #sending = false;
  #ended = false;
  /** Functions to call when no write waits. */
  #drained: (() => void)[] = [];

  constructor(name: string, host: WriteQueueHost) {
    this.#name = name;
    this.#host = host;
  }

  get size(): number {
    return this.#ops.length;
  }

  get sending(): boolean {
    return this.#sending;
  }

  /** @throws {RangeError} when too many writes or characters wait. */
  add(op: Op): void {
    const ops = this.#ops;
    // An unsent write is merged, because the last write wins.
    const last = ops.length > this.#left ? (ops.at(-1) as QueuedWrite) : undefined;
    const merged = last && merge(last.op, op);
    if (merged) {
      ops[ops.length - 1] = { id: last.id, op: merged };
      this.#durable = Math.min(this.#durable, ops.length - 1);
      return;
    }
    const { commands, commandsSize } = sharedLimits;
    const size = ops.reduce((sum, queued) => sum + sizeOf(queued.op), sizeOf(op));
    if (ops.length >= commands || size > commandsSize) {
      throw new RangeError(
        `${ops.length} commands to ${calledBy(this.#name)} wait to be sent, and at most ${commands} (${commandsSize} characters) may wait. ` +
          'The shared object does not answer at present. The session sends them when it answers; try again later.',
      );
    }
    ops.push({ id: this.#host.clock.newId(), op });
  }

  /** Settles when no write waits. */
  drained(): Promise<void> {
    return this.#ops.length === 0 ? Promise.resolve() : new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Returns a value with these writes applied. */
  over(text: string | null): string | null {
    return this.#ops.reduce((shown, { op }) => apply(shown, op), text);
  }

  /** The operations on a list or map, oldest first. */
  get itemOps(): readonly ItemOp[] {
    return this.#ops.flatMap(({ op }) => ('items' in op ? op.items : []));
  }

  /** All writes, for the store. */
  text(): string {
    return encode(this.#ops, 'A shared write');
  }

  /** Restores the writes of an earlier activation and sends them. */
  restore(text: string): void {
    this.#ops.push(...(decode(text) as QueuedWrite[]));
    this.#left = this.#ops.length;
    this.persisted();
  }

  /** Called when all writes are durable. */
  persisted(): void {
    this.#durable = this.#ops.length;
    this.send();
  }

  /** Sends the durable writes in order, one at a time. */
  send(): void {
    if (this.#sending || this.#durable === 0 || this.#ended) return;
    this.#sending = true;
    const done = this.#sent().finally(() => {
      this.#sending = false;
      this.send();
    });
    this.#host.keepAlive(done);
  }

  /** Stops without a message to the shared object. */
  abandon(): void {
    this.#ended = true;
  }

  async #sent(): Promise<void> {
    for (let failures = 0; this.#durable > 0 && !this.#ended; ) {
      const { id, op } = this.#ops[0] as QueuedWrite;
      this.#left = Math.max(this.#left, 1);
      try {
        const snapshot = await this.#host.object().write(id, op, this.#host.known());
        failures = 0;
        if (this.#ended) return;
        this.#ops.shift();
        this.#durable--;
        this.#left--;
        this.#host.answered(snapshot, op);
        if (this.#ops.length === 0) for (const resolve of this.#drained.splice(0)) resolve();
      } catch (error) {
        if (this.#ended) return;
        failures++;
        if (failures === 3) this.#host.failing(error);
        await this.#host.pause(failures);
      }
    }
  }
}

/** Returns the size of an operation in characters. */
function sizeOf(op: Op): number {
  if ('set' in op) return op.set.length;
  if ('items' in op) return op.items.reduce((sum, one) => sum + sizeOfOp(one), op.from?.length ?? 0);
  return 'start' in op ? op.start.args.length : 0;
}

/** Merges two writes, or returns undefined when both are needed. */
function merge(first: Op, second: Op): Op | undefined {
  if ('items' in first && 'items' in second) {
    if (sizeOf(first) > sharedLimits.itemsSent) return undefined;
    return { ...first, items: [...first.items, ...second.items] };
  }
  if ('set' in second && ('set' in first || 'add' in first)) return second;
  if (!('add' in second)) return undefined;
  if ('add' in first) return { add: first.add + second.add, from: first.from };
  return 'set' in first ? { set: apply(first.set, second) as string } : undefined;
}

/** Returns the value after a write as text. A job's view is a guess until its object answers. */
function apply(text: string | null, op: Op): string | null {
  if ('set' in op) return op.set;
  if ('items' in op || 'swap' in op) return text;
  if ('add' in op) {
    const value = text === null ? op.from : decode(text);
    return typeof value === 'number' ? encode(value + op.add, 'A shared number') : text;
  }
  const view = text === null ? idle : (decode(text) as JobView);
  const open = !isOver(view.status) && view.status !== 'idle';
  if ('cancel' in op || ('start' in op && open && op.start.whileRunning === 'ignore') || ('retry' in op && open))
    return text;
  const info = view.info && { ...view.info, status: 'waiting' as const, ended: undefined, trouble: undefined };
  return encode({ ...idle, status: 'waiting', attempt: view.attempt, info } satisfies JobView, 'A shared job');
}
