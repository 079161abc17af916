import { Bar, type BarOptions } from './bar.ts';

/**
 * Shows a bar at the top of the page, which stays while the page scrolls. Call it in the page function itself, not in a container.
 * It is the banner landmark of the page.
 *
 * @example
 * ui.header(() => {
 *   ui.button('', () => menu.toggle(), { icon: 'menu', label: 'Menu', variant: 'ghost' });
 *   ui.label('Orders').classes('text-lg font-semibold');
 * });
 *
 * @param build makes the elements inside, beside each other.
 */
export function header(build?: () => void, options?: BarOptions): Bar {
  return new Bar('header', build, options);
}
