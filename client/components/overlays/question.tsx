import { Component, type ComponentChildren, createRef } from 'preact';
import { leaveModal, type OwnAttributes, openModal } from '../../dom/index.ts';

interface QuestionProps {
  readonly own: OwnAttributes;
  readonly text: string;
  readonly ok: string;
  readonly cancel: string;
  readonly danger?: boolean | undefined;
  /** The fields of the question. */
  readonly children?: ComponentChildren;
  /** Called once with the answer: true for `ok`. */
  readonly onAnswer: (ok: boolean) => void;
}

/**
 * A question over the page, in the browser's own modal dialog, which traps the focus. Enter takes the first choice, Escape the other.
 * After the answer the browser hides it at once, also without a network; the session removes its node.
 */
export class Question extends Component<QuestionProps> {
  readonly #dialog = createRef<HTMLDialogElement>();

  override componentDidMount(): void {
    // The server's HTML shows it without code, but only code can make it modal.
    this.#dialog.current?.removeAttribute('open');
    if (this.#dialog.current) openModal(this.#dialog.current);
  }

  override componentWillUnmount(): void {
    if (this.#dialog.current) leaveModal(this.#dialog.current);
  }

  #closed = (): void => {
    const dialog = this.#dialog.current;
    if (dialog) leaveModal(dialog);
    this.props.onAnswer(dialog?.returnValue === 'ok');
  };

  override render(): ComponentChildren {
    const { own, text, ok, cancel, danger, children } = this.props;
    return (
      <dialog
        role="alertdialog"
        aria-label={text}
        {...own.inner}
        {...own.outer('modal')}
        open={typeof document === 'undefined'}
        ref={this.#dialog}
        onClose={this.#closed}
      >
        <form method="dialog" class="modal-box edgewise-column">
          <p class="edgewise-label">{text}</p>
          {children}
          <div class="modal-action self-end">
            <button type="submit" value="ok" class={`btn order-last ${danger ? 'btn-error' : 'btn-primary'}`}>
              {ok}
            </button>
            <button type="submit" value="cancel" class="btn" formnovalidate autofocus={danger}>
              {cancel}
            </button>
          </div>
        </form>
      </dialog>
    );
  }
}
