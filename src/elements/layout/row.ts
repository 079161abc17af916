import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Places what `build` makes beside each other, and wraps where there is no room.
 *
 * @example
 * ui.row(() => {
 *   ui.button('Save', save);
 *   ui.button('Cancel', cancel, { color: 'ghost' });
 * });
 *
 * @param build makes the elements inside. In a page function it may be async; the page is shown when it has returned.
 */
export function row(build?: () => void, options?: ElementOptions): Container {
  return new Container('row', build, options);
}
