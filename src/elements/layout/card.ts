import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Shows a framed box with the elements of `build` below each other.
 *
 * @example
 * ui.card(() => {
 *   ui.label('Total').classes('opacity-70');
 *   ui.label(() => total.value);
 * });
 *
 * @param build makes the elements inside. In a page function it may be async; the page is shown after it has finished.
 */
export function card(build?: () => void, options?: ElementOptions): Container {
  return new Container('card', build, options);
}
