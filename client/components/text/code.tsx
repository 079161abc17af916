import { Component, type ComponentChildren, createRef } from 'preact';
import { icon } from '../icon.tsx';
import { markup } from '../markup.tsx';
import type { ElementProps } from '../types.ts';

/** Code that scrolls by keyboard, too, and a button that copies it. */
export class Code extends Component<ElementProps<'code'>, { copied: boolean }> {
  override state = { copied: false };
  readonly #code = createRef<HTMLElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.#code.current?.textContent ?? '');
    } catch {
      return; // The browser refused, and the person can select the text.
    }
    this.setState({ copied: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.setState({ copied: false }), 2_000);
  };

  override render(): ComponentChildren {
    const { own, props } = this.props;
    const { copied } = this.state;
    return (
      <div {...own.whole('edgewise-code')}>
        <pre tabIndex={0}>
          <code ref={this.#code}>{markup(props.content)}</code>
        </pre>
        {props.copy !== false && (
          <button
            type="button"
            class="btn btn-ghost btn-xs edgewise-copy"
            aria-label={copied ? 'Copied' : 'Copy'}
            onClick={this.#copy}
          >
            {icon(copied ? 'check' : 'copy')}
          </button>
        )}
      </div>
    );
  }
}
