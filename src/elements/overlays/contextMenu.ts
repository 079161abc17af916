import { Menu, type MenuOptions } from '../menu.ts';

/**
 * Gives the element around it a menu for the right mouse button, a long press, or the key for menus (APG: menu).
 *
 * @example
 * ui.card(() => {
 *   ui.label('report.pdf');
 *   ui.contextMenu(() => ui.menuItem('Download', download));
 * });
 *
 * @param build makes the items.
 */
export function contextMenu(build?: () => void, options?: MenuOptions): Menu {
  return new Menu('contextMenu', build, options);
}
