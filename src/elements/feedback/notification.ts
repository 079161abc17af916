import { type Duration, milliseconds } from '../../clock/index.ts';
import type { NotificationType } from '../../protocol/index.ts';
import { own } from '../element.ts';
import { pageHost } from '../page-host.ts';

/** Options of `ui.notify`. */
export interface NotifyOptions {
  /** The type of the message, which sets its colour. @default 'info' */
  readonly type?: NotificationType;
  /** Time until it disappears: milliseconds, or a text such as `'10s'`. With 0 it stays until the user dismisses it. @default 5_000 */
  readonly timeout?: Duration | 0;
}

/**
 * Shows a message at the edge of the page once. Without a connected browser, the message waits for one.
 *
 * @example
 * ui.notify('Saved');
 * ui.notify('The printer is out of paper.', { type: 'warning', timeout: '20s' });
 *
 * @throws {TypeError} when `timeout` is no duration.
 */
export function notify(text: string, options: NotifyOptions = {}): void {
  const { tree } = pageHost.require('ui.notify');
  const { type = 'info', timeout = 5_000 } = options;
  // A message of a builder belongs to its slot, because a rebuild must not show it a second time.
  tree.create(
    { node: tree.root, structural: tree.constructing },
    'notification',
    own<'notification'>({ text: String(text), type, timeout: timeout === 0 ? 0 : milliseconds(timeout) }),
  );
}
