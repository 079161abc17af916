import { Menu, type MenuOptions } from '../menu.ts';

/**
 * Gives the element around it a menu, which a click on that element opens. A button opens it before any code has arrived (APG: menu
 * button). A menu inside of a menu item is a submenu.
 *
 * @example
 * ui.button('File').add(() =>
 *   ui.menu(() => {
 *     ui.menuItem('Rename', rename, { icon: 'edit' });
 *     ui.menuItem('Delete', remove, { icon: 'delete' });
 *   }),
 * );
 *
 * @param build makes the items, or any other elements.
 */
export function menu(build?: () => void, options?: MenuOptions): Menu {
  return new Menu('menu', build, options);
}
