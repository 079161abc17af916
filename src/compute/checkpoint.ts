import { ContextKey } from '../context/index.ts';
import { Checkpoint, type TaskCall } from '../rpc/index.ts';

/** The attempt whose code begins. */
export const attempt = new ContextKey<TaskCall>('task');

/**
 * Hands a value on to the next attempt of the task, should this one be lost, or fail or time out and be tried again:
 * `yield checkpoint({ row })`. The last one counts; the next attempt reads it with {@link resumed}, and what it yields beyond progress
 * is taken to follow what came before the checkpoint. A job that is started again after its end (`retry()`) is a new one, and begins anew.
 *
 * @param value must be plain data, as a result.
 */
export function checkpoint<T>(value: T): Checkpoint<T> {
  return new Checkpoint(value);
}

/**
 * The last checkpoint of an earlier attempt, undefined in the first one. Call it before the first `yield` or `await` of the task.
 *
 * @example
 * export function* rows(file: string): Generator<number | Checkpoint<number>, number> {
 *   for (let row = resumed<number>() ?? 0; row < 1_000; row++) {
 *     work(file, row);
 *     yield checkpoint(row + 1);
 *   }
 *   return 1_000;
 * }
 */
export function resumed<T>(): T | undefined {
  const call = attempt.get();
  if (!call) throw new Error('resumed() belongs at the start of a task, before its first yield or await.');
  return call.checkpoint?.value as T | undefined;
}
