import { Component, type ComponentChildren, createRef } from 'preact';
import type { ElementProps } from '../types.ts';

/** The browser's own modal dialog, which traps the focus and closes on Escape. When the user closes it, it sends `open`. */
export class Dialog extends Component<ElementProps<'dialog'>> {
  readonly #dialog = createRef<HTMLDialogElement>();

  override componentDidMount(): void {
    // The server's HTML shows an open dialog without code, but only code can make it modal.
    this.#dialog.current?.removeAttribute('open');
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const dialog = this.#dialog.current;
    const { open } = this.props.props;
    if (!dialog || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }

  #closed = (): void => {
    const { node, replica } = this.props;
    // The person closed it, not the session.
    if (node.props.open === true && !this.#dialog.current?.open) replica.emit(node, 'open', false);
  };

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    return (
      <dialog
        aria-label={props.label}
        {...own.inner}
        {...own.outer('modal')}
        open={typeof document === 'undefined' ? props.open : undefined}
        ref={this.#dialog}
        onClose={this.#closed}
      >
        <div class="modal-box edgewise-column">{children}</div>
        <form method="dialog" class="modal-backdrop">
          <button type="submit">Close</button>
        </form>
      </dialog>
    );
  }
}
