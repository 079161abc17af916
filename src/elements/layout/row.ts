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
 * @param build makes the elements inside, at once; load what takes time in a handler or a timer.
 */
export function row(build?: () => void, options?: ElementOptions): Container {
  return new Container('row', build, options);
}
