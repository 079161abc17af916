import { Component, type ComponentChildren, createRef } from 'preact';
import { themeColor } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** A bar of the page shell. It gives the style sheet its height, because drawers end where bars begin. */
export abstract class BarView<K extends 'header' | 'footer'> extends Component<ElementProps<K>> {
  protected abstract readonly tag: 'header' | 'footer';
  readonly #bar = createRef<HTMLElement>();
  #observer: ResizeObserver | undefined;

  override componentDidMount(): void {
    const bar = this.#bar.current;
    if (!bar) return;
    const name = `--edgewise-${this.tag}`;
    this.#observer = new ResizeObserver(() => {
      const height = this.props.props.fixed === false ? 0 : bar.offsetHeight;
      const shell = bar.parentElement;
      // The style sheet assumes a height. A page whose bar has it is not changed.
      if (shell && height !== pixelsOf(getComputedStyle(shell).getPropertyValue(name))) {
        shell.style.setProperty(name, `${height}px`);
      }
    });
    this.#observer.observe(bar);
  }

  override componentWillUnmount(): void {
    this.#observer?.disconnect();
    this.#bar.current?.parentElement?.style.removeProperty(`--edgewise-${this.tag}`);
  }

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    const color = themeColor(props.color ?? 'primary');
    const place = props.fixed === false ? '' : ` edgewise-fixed-${this.tag}`;
    const classes = `edgewise-bar edgewise-${this.tag}${place} bg-${color} text-${color}-content${props.elevated ? ' shadow-lg' : ''}`;
    const Tag = this.tag;
    return (
      <Tag {...own.whole(classes)} ref={this.#bar as never}>
        {children}
      </Tag>
    );
  }
}

/** Returns the pixels of a length in `rem` or `px`. */
function pixelsOf(length: string): number {
  const rem = length.endsWith('rem') ? Number.parseFloat(getComputedStyle(document.documentElement).fontSize) : 1;
  return Number.parseFloat(length) * rem;
}
