import { anyMilliseconds, type Duration } from '../clock/index.ts';
import { ioCall, taskHost } from './host.ts';
import { journal } from './journal.ts';
import { waitFor } from './wait.ts';

/**
 * Waits. In a handler of a page the wait outlives restarts and deploys, and holds nothing in memory from 10 seconds on: the page's object
 * sleeps meanwhile. In what `run.ioBound` is given it is a plain timer, which ends with the call.
 *
 * @throws {CancelledError} (rejects) when another run takes the handler's place.
 * @example
 * await run.sleep('3 days');
 * ui.notify('Your trial has ended.');
 */
export function sleep(duration: Duration): Promise<void> {
  const ms = anyMilliseconds(duration);
  const call = ioCall.get();
  if (!journal.get() && call) return timer(ms, call.signal);
  return waitFor({ sort: 'sleep', what: 'run.sleep', timeout: ms, expired: { ok: true, value: undefined } });
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  const { clock } = taskHost.require('run.sleep');
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const waiting = clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      clock.clear(waiting);
      reject(signal.reason);
    });
  });
}
