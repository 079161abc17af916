import { ContextKey } from '../context/index.ts';
import { Checkpoint, isProxy, type TaskCall } from '../rpc/index.ts';

/** The attempt whose code is starting. */
const attempt = new ContextKey<TaskCall>('task');

/** The number of attempts without a frame whose code awaits something. They have no checkpoint. */
let frameless = 0;

const AsyncFunction = async function () {}.constructor;
const AsyncGeneratorFunction = async function* () {}.constructor;

/**
 * Runs the start of a task, which may call {@link resumed} until its first yield, also after an await.
 *
 * @param start returns what the task waits for, if anything.
 */
export function attempting<R extends { readonly pending: unknown }>(call: TaskCall, task: unknown, start: () => R): R {
  // Only code after an await needs a frame, which costs a short call a twentieth.
  const awaits = task instanceof AsyncFunction || task instanceof AsyncGeneratorFunction;
  if (awaits || call.checkpoint) return attempt.run(call, start);
  const begun = attempt.runAlone(call, start);
  const { pending } = begun;
  if (!isProxy(pending) && pending instanceof Promise) {
    frameless++;
    const ended = () => {
      frameless--;
    };
    pending.then(ended, ended);
  }
  return begun;
}

/**
 * Makes a checkpoint: yield it to hand a value to the next attempt, in case this attempt is lost, fails or times out. The next
 * attempt reads the last one with {@link resumed}. Chunks that it yields follow the chunks before the checkpoint. A job that is
 * started again after its end (`retry()`) is a new job without a checkpoint.
 *
 * @example
 * yield checkpoint({ row });
 *
 * @param value plain data, at most 16 MiB.
 */
export function checkpoint<T>(value: T): Checkpoint<T> {
  return new Checkpoint(value);
}

/**
 * Returns the last checkpoint of an earlier attempt; undefined in the first attempt. Call it before the first `yield` of the task.
 *
 * @example
 * export function* rows(file: string): Generator<number | Checkpoint<number>, number> {
 *   for (let row = resumed<number>() ?? 0; row < 1_000; row++) {
 *     work(file, row);
 *     yield checkpoint(row + 1);
 *   }
 *   return 1_000;
 * }
 *
 * @throws {Error} after the first `yield` of the task, and outside of a task.
 */
export function resumed<T>(): T | undefined {
  const call = attempt.get();
  if (!call && frameless > 0) return undefined;
  if (!call)
    throw new Error('resumed() was called after the start of a task. Call it before the first yield of the task.');
  return call.checkpoint?.value as T | undefined;
}
