import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Places the elements of `build` beside each other, and wraps them where the space ends.
 *
 * @example
 * ui.row(() => {
 *   ui.button('Save', save);
 *   ui.button('Cancel', cancel, { variant: 'ghost' });
 * });
 *
 * @param build makes the elements inside. In a page function it may be async; the page is shown after it has finished.
 */
export function row(build?: () => void, options?: ElementOptions): Container {
  return new Container('row', build, options);
}
