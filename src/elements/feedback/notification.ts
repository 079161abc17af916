import { type Duration, milliseconds } from '../../clock/index.ts';
import type { NotificationPosition, NotificationType } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { slot } from '../../tree/index.ts';
import { own, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';
import { pageHost } from '../page-host.ts';

/** Options of `ui.notify`. */
export interface NotifyOptions extends Pick<LookOptions, 'color' | 'icon'> {
  /** The type of the message, which sets its colour. @default 'info' */
  readonly type?: NotificationType;
  /** Time until it disappears: milliseconds, or a text such as `'10s'`. With 0 it stays until the user dismisses it. @default 5_000 */
  readonly timeout?: Duration | 0;
  /** Where in the window it stands. @default 'bottom-right' */
  readonly position?: NotificationPosition;
  /** Whether a button dismisses it. A text names the button. @default true, for the type `ongoing` false */
  readonly closeButton?: boolean | string;
  /** True shows a turning wheel. @default false, for the type `ongoing` true */
  readonly spinner?: boolean;
  /**
   * Buttons: the text of each, and what it does. A click hides the message, and removes it when the handler has ended. The buttons
   * of a message that a handler shows are gone after a restart of the server; ask by `ui.confirm` what must not be lost.
   *
   * @default none
   */
  readonly actions?: readonly (readonly [text: string, onClick: () => unknown])[];
}

/** A message at the edge of the page. */
export class Notification extends TextElement {
  /** @internal */
  constructor(text: MaybeReactive<string | number>, options: NotifyOptions) {
    const { type = 'info', timeout = 5_000, position, closeButton, spinner, actions = [] } = options;
    const { text: _, ...props } = own<'notification'>({
      text: '',
      type,
      timeout: timeout === 0 ? 0 : milliseconds(timeout),
      ...(position && { position }),
      ...(closeButton !== undefined && { close: closeButton }),
      ...(spinner !== undefined && { spinner }),
    });
    super('notification', text, props, options);
    if (actions.length === 0) return;
    this.listen(
      'act',
      async ({ value }) => {
        // A run ends with its element, so the message is there, but not to be seen, until the handler has ended.
        this.visible = false;
        try {
          await actions[value as number]?.[1]();
        } finally {
          this.delete();
        }
      },
      'parallel',
    );
    // The buttons come with their functions: a handler that is continued after a restart shows them again.
    const texts = actions.map(([action]) => String(action));
    this.tree.set(this.node, 'actions', texts, 'passing');
  }

  /** The type of the message, which sets its colour. */
  get type(): NotificationType {
    return this.get('type');
  }

  set type(type: MaybeReactive<NotificationType>) {
    this.bind('type', type);
  }

  /** Milliseconds until it disappears, from the last change on. 0 is never. */
  get timeout(): number {
    return this.get('timeout');
  }

  set timeout(timeout: MaybeReactive<number>) {
    this.bind('timeout', timeout);
  }

  /** True shows a turning wheel. */
  get spinner(): boolean {
    return this.get('spinner') ?? this.type === 'ongoing';
  }

  set spinner(spinner: MaybeReactive<boolean>) {
    this.bind('spinner', spinner);
  }

  /** Removes the message. */
  dismiss(): void {
    this.delete();
  }
}

/**
 * Shows a message at the edge of the page once. Without a connected browser, the message waits for one. It lies above an open
 * dialog, too. Assistive technology reads it out.
 *
 * @example
 * ui.notify('Saved');
 * ui.notify('The printer is out of paper.', { type: 'warning', timeout: '20s' });
 * ui.notify('The mail is in the bin.', { actions: [['Undo', restore]] });
 *
 * @example
 * const working = ui.notify('0 %', { type: 'ongoing', timeout: 0 });
 * for await (const percent of job.chunks) working.text = `${percent} %`;
 * working.dismiss();
 *
 * @throws {TypeError} when `timeout` is no duration.
 */
export function notify(text: MaybeReactive<string | number>, options: NotifyOptions = {}): Notification {
  const { tree } = pageHost.require('ui.notify');
  // A message of a builder belongs to its slot, because a rebuild must not show it a second time.
  const into = { node: tree.root, structural: tree.constructing };
  return slot.run(into, () => new Notification(text, options));
}
