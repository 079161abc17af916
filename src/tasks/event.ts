import { checkWait, type WaitOptions, waitFor } from './wait.ts';

/** Returns the channel of an event. It cannot collide with an element's channel, because no key of an element is empty. */
export function eventChannel(name: string): string {
  return `.${name}`;
}

/**
 * Waits for an event that `app.send` sends to the user of the page, from any page, route or job. Every handler of that user that waits
 * for the name gets it; while none waits, the session stores it for the first one that does: 7 days, and 100 events.
 *
 * @param name what is waited for, such as `paid:17`: 1 to 200 characters.
 * @throws {TypeError} when the name is empty or too long, or an option is misspelt or wrong.
 * @throws {TimeoutError} (rejects) when it has not come in time.
 * @throws {CancelledError} (rejects) when another run takes the handler's place.
 * @example
 * const answer = await run.event<'yes' | 'no'>(`approval:${order.id}`, { timeout: '7d' });
 */
export function event<T = unknown>(name: string, options: WaitOptions = {}): Promise<T> {
  checkEventName(name, 'run.event');
  checkWait('run.event', options);
  const what = `run.event(${JSON.stringify(name)})`;
  return waitFor<T>({
    type: 'event',
    name,
    what,
    timeout: options.timeout,
    open: () => ({ channel: eventChannel(name) }),
  });
}

/** Checks the name of an event. @throws {TypeError} when it is not a text of 1 to 200 characters. */
export function checkEventName(name: unknown, where: string): void {
  if (typeof name === 'string' && name !== '' && name.length <= 200) return;
  throw new TypeError(
    `${where} expects the name of an event, a text of 1 to 200 characters such as 'paid:17', but was given ${JSON.stringify(name)}.`,
  );
}
