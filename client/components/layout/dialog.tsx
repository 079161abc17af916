import { Component, type ComponentChildren, createRef } from 'preact';
import { leaveModal, openModal } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/**
 * The browser's own modal dialog, which traps the focus and closes on Escape. When the user closes it, it sends `open`. Nothing but
 * the session closes a persistent one.
 */
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
    if (open) openModal(dialog);
    else dialog.close();
  }

  override componentWillUnmount(): void {
    if (this.#dialog.current) leaveModal(this.#dialog.current);
  }

  #closed = (): void => {
    const { node, replica } = this.props;
    const dialog = this.#dialog.current;
    if (!dialog || dialog.open) return;
    leaveModal(dialog);
    if (node.props.open !== true) return;
    // The person closed it, not the session. A browser closes even a persistent one when Escape is pressed twice.
    if (node.props.persistent === true) openModal(dialog);
    else replica.emit(node, 'open', false);
  };

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    const { label, persistent, maximized } = props;
    return (
      <dialog
        aria-label={label}
        {...own.inner}
        {...own.outer('modal')}
        open={typeof document === 'undefined' ? props.open : undefined}
        ref={this.#dialog}
        onCancel={(event) => persistent && event.preventDefault()}
        onClose={this.#closed}
      >
        <div class={maximized ? 'modal-box edgewise-column edgewise-maximized' : 'modal-box edgewise-column'}>
          {children}
        </div>
        {!persistent && (
          <form method="dialog" class="modal-backdrop">
            <button type="submit">Close</button>
          </form>
        )}
      </dialog>
    );
  }
}
