import { MenuView } from '../menu.tsx';

/** A menu at the pointer. The key for menus and Shift+F10 open it, too, at the element. */
export class ContextMenu extends MenuView<'contextMenu'> {
  protected override readonly look = 'edgewise-popup edgewise-menu edgewise-context-menu';

  override componentDidMount(): void {
    super.componentDidMount();
    this.hear('contextmenu', (event: MouseEvent) => {
      if (this.list.current?.contains(event.target as Node)) return;
      event.preventDefault();
      this.close();
      this.open(null);
      this.#place(event.clientX, event.clientY);
    });
  }

  /** Inside of the window, whichever way there is room. */
  #place(x: number, y: number): void {
    const list = this.list.current;
    if (!list) return;
    const { offsetWidth: width, offsetHeight: height } = list;
    const { clientWidth, clientHeight } = document.documentElement;
    list.style.left = `${Math.max(0, x + width > clientWidth ? x - width : x)}px`;
    list.style.top = `${Math.max(0, y + height > clientHeight ? y - height : y)}px`;
  }
}
