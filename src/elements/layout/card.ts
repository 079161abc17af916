import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Places what `build` makes below each other in a framed box.
 *
 * @example
 * ui.card(() => {
 *   ui.label('Total').classes('opacity-70');
 *   ui.label(() => total.value);
 * });
 *
 * @param build makes the elements inside. In a page function it may be async; the page is shown when it has returned.
 */
export function card(build?: () => void, options?: ElementOptions): Container {
  return new Container('card', build, options);
}
