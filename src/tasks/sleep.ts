import { anyMilliseconds, type Duration } from '../clock/index.ts';
import { ioCall, taskHost } from './host.ts';
import { journal } from './journal.ts';
import { waitFor } from './wait.ts';

/**
 * Waits for a time. In a handler of a page the wait outlives restarts and deploys. From 10 seconds on it needs no memory, so the
 * page's object may sleep. In a function of `run.ioBound` it is a plain timer, which ends with the call.
 *
 * @throws {CancelledError} (rejects) when another run takes the handler's place.
 * @example
 * await run.sleep('3 days');
 * ui.notify('Your trial has ended.');
 */
export function sleep(duration: Duration): Promise<void> {
  const ms = anyMilliseconds(duration);
  const call = ioCall.get();
  if (!journal.get() && call) return timer(ms, call.stopped);
  return waitFor({ type: 'sleep', what: 'run.sleep', timeout: ms, expired: { ok: true, value: undefined } });
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
