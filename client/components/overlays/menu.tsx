import { MenuView } from '../menu.tsx';

/** A menu of the element around it. A button opens it without code, any other element by a click here. */
export class Menu extends MenuView<'menu'> {
  /** True when the press that a click ends closed the menu: the browser closes it for every press elsewhere. */
  #closing = false;

  override componentDidMount(): void {
    super.componentDidMount();
    this.hear('pointerdown', () => {
      this.#closing = this.isOpen;
    });
    this.hear('click', (event: MouseEvent, around) => {
      const closing = this.#closing;
      this.#closing = false;
      const inside = this.list.current?.contains(event.target as Node);
      const opensItself = (event.target as Element).closest('[popovertarget]') && around.matches('button');
      if (!closing && !inside && !opensItself) this.open(around);
    });
    this.hear('keydown', (event: KeyboardEvent, around) => {
      if (event.key !== 'ArrowDown' || event.target !== around || !around.matches('button') || this.isOpen) return;
      event.preventDefault();
      this.open(around);
    });
  }
}
