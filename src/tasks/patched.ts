import { journal } from './journal.ts';

/**
 * Returns true in runs of a handler that reach the changed code for the first time, and false in runs that had passed it before the
 * change was deployed. A replay returns the same again. So a deploy can change the calls of handlers that are open.
 *
 * Remove the old branch when no run of before is left. The idea and the name are Temporal's.
 *
 * @param name names the change; each change of a handler has its own.
 * @throws {TypeError} when the name is empty.
 * @example
 * const order = await run.ioBound(save, draft);
 * if (run.patched('check stock')) await run.ioBound(checkStock, order); // a run that has passed this line skips it
 * await run.ioBound(notify, order);
 */
export function patched(name: string): boolean {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError("run.patched needs a name for the change, as in run.patched('check stock').");
  }
  return journal.get()?.patched(name) ?? true;
}
