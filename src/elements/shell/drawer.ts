import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';

/** Options of `ui.leftDrawer` and `ui.rightDrawer`. */
export interface DrawerOptions extends ElementOptions {
  /**
   * Whether the drawer is open: a value, or a signal that it is bound to in both directions. Null opens it where the window is
   * at least 1024 pixels wide.
   * @default null
   */
  readonly value?: MaybeReactive<boolean | null>;
  /** Names the drawer for assistive technology. @default 'Navigation' on the left, 'Details' on the right */
  readonly label?: string;
  /** False shows no line between drawer and content. @default true */
  readonly bordered?: boolean;
  /** True shows a shadow. @default false */
  readonly elevated?: boolean;
  /** Called after the user has opened or closed the drawer. @default none */
  readonly onChange?: (open: boolean | null) => unknown;
}

/** A column beside the content of the page. Its `value` is true while it is open. */
export class Drawer extends ValueElement<boolean | null> {
  /** @internal */
  constructor(side: 'left' | 'right', build?: () => void, options: DrawerOptions = {}) {
    const { value = null, label = side === 'left' ? 'Navigation' : 'Details', bordered, elevated, onChange } = options;
    const props = own<'drawer'>({
      side,
      label,
      open: null,
      ...(bordered === false && { bordered }),
      ...(elevated && { elevated }),
    });
    super('drawer', props, value, { key: side, ...options }, 'open');
    if (onChange) this.onChange((event) => onChange(event.value));
    if (build) this.add(build);
  }

  /** Opens the drawer. */
  open(): void {
    this.value = true;
  }

  /** Closes the drawer. */
  close(): void {
    this.value = false;
  }

  /** Opens the drawer when it is closed, and closes it when it is open. */
  toggle(): void {
    // Null is closed in a narrow window only, and such a window sends that when it opens the page.
    this.value = !(this.value ?? true);
  }
}

/**
 * Shows a column at the left of the content, for navigation. In a window narrower than 1024 pixels it is closed at first, and lies
 * over the content when it opens; Escape or a click beside it closes it. Call it in the page function itself.
 *
 * @example
 * const menu = ui.leftDrawer(() => {
 *   ui.link('Orders', '/orders');
 *   ui.link('Customers', '/customers');
 * });
 * ui.header(() => ui.button('', () => menu.toggle(), { icon: 'menu', label: 'Menu' }));
 *
 * @param build makes the elements inside, below each other.
 */
export function leftDrawer(build?: () => void, options?: DrawerOptions): Drawer {
  return new Drawer('left', build, options);
}

/**
 * Shows a column at the right of the content. It behaves like `ui.leftDrawer`.
 *
 * @example
 * const details = ui.rightDrawer(() => ui.label(() => chosen.value), { value: false });
 *
 * @param build makes the elements inside, below each other.
 */
export function rightDrawer(build?: () => void, options?: DrawerOptions): Drawer {
  return new Drawer('right', build, options);
}
