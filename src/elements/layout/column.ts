import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Places what `build` makes below each other.
 *
 * @example
 * ui.column(() => {
 *   ui.label('Name').classes('font-semibold');
 *   ui.label('Ada');
 * }).classes('gap-1');
 *
 * @param build makes the elements inside. In a page function it may be async; the page is shown when it has returned.
 */
export function column(build?: () => void, options?: ElementOptions): Container {
  return new Container('column', build, options);
}
