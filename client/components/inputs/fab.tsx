import { Component, type ComponentChildren, createRef } from 'preact';
import { look } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** The browser opens, places and closes the actions, also before this code is there. */
export class Fab extends Component<ElementProps<'fab'>> {
  readonly #actions = createRef<HTMLDivElement>();
  readonly #button = createRef<HTMLButtonElement>();

  override componentDidMount(): void {
    const toggle = (open?: boolean) =>
      this.#actions.current?.togglePopover({ force: open, source: this.#button.current } as never);
    this.props.methods.current = { open: () => toggle(true), close: () => toggle(false), toggle: () => toggle() };
  }

  #clicked = (event: MouseEvent): void => {
    const action = (event.target as Element).closest('button');
    if (action && !action.hasAttribute('data-stays')) this.#actions.current?.hidePopover();
  };

  override render(): ComponentChildren {
    const { node, own, props, children } = this.props;
    const { text, label, direction, icon: name } = props;
    const actions = `e${node.id}-l`;
    return (
      <div {...own.outer('edgewise-dropdown')}>
        <button
          type="button"
          aria-label={label ?? (text ? undefined : name?.replaceAll('-', ' '))}
          aria-haspopup="true"
          popovertarget={actions}
          {...own.inner}
          id={`e${node.id}`}
          class={`${look('btn', { color: 'primary', size: 'lg', ...props, round: true })} shadow-lg`}
          ref={this.#button}
        >
          {icon(name)}
          {text || null}
        </button>
        <div
          popover="auto"
          id={actions}
          class="edgewise-fab"
          data-direction={direction}
          ref={this.#actions}
          onClick={this.#clicked}
        >
          {children}
        </div>
      </div>
    );
  }
}
