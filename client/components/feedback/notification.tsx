import { Component, type ComponentChildren, createPortal } from 'preact';
import type { ElementProps } from '../types.ts';

/** Whole class names, because Tailwind finds them by reading this file. */
const looks = {
  info: 'alert-info',
  positive: 'alert-success',
  negative: 'alert-error',
  warning: 'alert-warning',
  ongoing: '',
};

/**
 * A message in the corner, wherever its node is. Its timer stops while the pointer or the focus is on it. After `done` the browser
 * hides it at once, also without a network; the session removes its node.
 */
export class Notification extends Component<ElementProps<'notification'>, { place?: HTMLElement | null }> {
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.setState({ place: document.getElementById('edgewise-toast') });
    this.#run();
  }

  override componentDidUpdate(before: ElementProps<'notification'>): void {
    if (before.props.timeout !== this.props.props.timeout) this.#run();
  }

  override componentWillUnmount(): void {
    this.#hold();
  }

  #hold = (): void => clearTimeout(this.#timer);

  #run = (): void => {
    this.#hold();
    const { timeout } = this.props.props;
    if (timeout > 0) this.#timer = setTimeout(this.#done, timeout);
  };

  #done = (): void => {
    this.#hold();
    this.setState({ place: null });
    this.props.replica.emit(this.props.node, 'done');
  };

  #act = (): void => {
    this.#hold();
    this.setState({ place: null });
    this.props.replica.emit(this.props.node, 'action');
  };

  override render(): ComponentChildren {
    const { place } = this.state;
    if (!place) return null;
    const { own, props } = this.props;
    const { text, type, action } = props;
    return createPortal(
      <div
        role={type === 'negative' ? 'alert' : undefined}
        onMouseEnter={this.#hold}
        onMouseLeave={this.#run}
        onFocusIn={this.#hold}
        onFocusOut={this.#run}
        {...own.whole(`alert ${looks[type]} edgewise-notification`)}
      >
        {type === 'ongoing' && <span class="loading loading-spinner loading-sm" aria-hidden="true" />}
        <span>{text || null}</span>
        {action && (
          <button type="button" class="btn btn-sm" onClick={this.#act}>
            {action}
          </button>
        )}
        {type !== 'ongoing' && (
          <button
            type="button"
            class="btn btn-ghost btn-xs btn-circle text-inherit"
            aria-label="Dismiss"
            onClick={this.#done}
          >
            ✕
          </button>
        )}
      </div>,
      place,
    );
  }
}
