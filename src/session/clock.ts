import type { Clock } from '../clock/index.ts';
import { outside } from '../context/index.ts';

/**
 * The clock as the engine uses it. A timer carries the async context of the code that sets it, and the engine sets many while a
 * handler runs. Each callback runs outside of every context, because it serves the page and not that handler.
 */
export function engineClock(clock: Clock): Clock {
  return {
    now: clock.now.bind(clock),
    random: () => clock.random(),
    newId: () => clock.newId(),
    after: (ms, fn) => outside(() => clock.after(ms, fn)),
    clear: (timer) => clock.clear(timer),
  };
}
