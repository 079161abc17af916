import { type Duration, milliseconds } from '../../clock/index.ts';
import type { NotificationType } from '../../protocol/index.ts';
import { own } from '../element.ts';
import { pageHost } from '../page-host.ts';

/** Options of `ui.notify`. */
export interface NotifyOptions {
  /** What the message is about, which decides its colour. @default 'info' */
  readonly type?: NotificationType;
  /** How long it shows, as milliseconds or as in `'10s'`; 0 until the user dismisses it. @default 5_000 */
  readonly timeout?: Duration | 0;
}

/**
 * Shows a message at the edge of the page. It waits for a browser when none is connected, and is seen once.
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
  // What a builder shows belongs to it: a rebuild must not show again what was seen.
  tree.create(
    { node: tree.root, structural: tree.constructing },
    'notification',
    own<'notification'>({ text: String(text), type, timeout: timeout === 0 ? 0 : milliseconds(timeout) }),
  );
}
