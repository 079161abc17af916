import { Container } from '../container.ts';
import type { ElementOptions } from '../element.ts';

/**
 * Places the elements of `build` below each other.
 *
 * @example
 * ui.column(() => {
 *   ui.label('Name').classes('font-semibold');
 *   ui.label('Ada');
 * }).classes('gap-1');
 *
 * @param build makes the elements inside. In a page function it may be async; the page is shown after it has finished.
 */
export function column(build?: () => void, options?: ElementOptions): Container {
  return new Container('column', build, options);
}
