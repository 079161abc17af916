import { Component, type ComponentChildren, createPortal } from 'preact';
import { raiseMessages, themeColor } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** Whole class names, because Tailwind finds them by reading this file. */
const looks = {
  info: 'alert-info',
  positive: 'alert-success',
  negative: 'alert-error',
  warning: 'alert-warning',
  ongoing: '',
};

/** Returns the stack of messages at a position. */
function stackAt(position: string): HTMLElement | null {
  const region = raiseMessages();
  const stack = region?.querySelector<HTMLElement>(`[data-position="${position}"]`);
  if (stack || !region) return stack ?? null;
  const made = document.createElement('div');
  made.dataset.position = position;
  region.append(made);
  return made;
}

/**
 * A message at the edge of the window, wherever its node is. Its timer stops while the pointer or the focus is on it. After `done` the browser
 * hides it at once, also without a network; the session removes its node.
 */
export class Notification extends Component<ElementProps<'notification'>, { place?: HTMLElement | null }> {
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.setState({ place: stackAt(this.props.props.position ?? 'bottom-right') });
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

  #act = (event: 'action' | 'act', index?: number): void => {
    this.#hold();
    this.setState({ place: null });
    this.props.replica.emit(this.props.node, event, index);
  };

  override render(): ComponentChildren {
    const { place } = this.state;
    if (!place) return null;
    const { own, props } = this.props;
    const { text, type, action, actions = [], color, close = type !== 'ongoing', spinner = type === 'ongoing' } = props;
    const tint = color ? `alert-${themeColor(color)}` : looks[type];
    return createPortal(
      <div
        role={type === 'negative' ? 'alert' : undefined}
        onMouseEnter={this.#hold}
        onMouseLeave={this.#run}
        onFocusIn={this.#hold}
        onFocusOut={this.#run}
        {...own.whole(`alert ${tint} edgewise-notification`)}
      >
        {icon(props.icon)}
        {spinner && <span class="loading loading-spinner loading-sm" aria-hidden="true" />}
        <span>{text || null}</span>
        {action && (
          <button type="button" class="btn btn-sm" onClick={() => this.#act('action')}>
            {action}
          </button>
        )}
        {actions.map((one, index) => (
          <button type="button" class="btn btn-sm" key={one} onClick={() => this.#act('act', index)}>
            {one}
          </button>
        ))}
        {typeof close === 'string' && (
          <button type="button" class="btn btn-ghost btn-sm text-inherit" onClick={this.#done}>
            {close}
          </button>
        )}
        {close === true && (
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
