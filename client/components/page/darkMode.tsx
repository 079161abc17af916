import { Component } from 'preact';
import type { ElementProps } from '../types.ts';

/** Sets the theme of the document. The server's HTML has the first one already. */
export class DarkMode extends Component<ElementProps<'darkMode'>> {
  readonly #before = typeof document === 'undefined' ? undefined : document.documentElement.dataset.theme;

  #system: MediaQueryList | undefined;

  override componentDidMount(): void {
    this.#system = matchMedia('(prefers-color-scheme: dark)');
    this.#system.addEventListener('change', this.#say);
    this.#say();
    this.componentDidUpdate();
  }

  #say = (): void => {
    const { node, replica } = this.props;
    const { matches = false } = this.#system ?? {};
    if (matches !== (node.props.system ?? false)) replica.emit(node, 'system', matches);
  };

  override componentDidUpdate(): void {
    const { value } = this.props.props;
    set(value === null ? undefined : value ? 'dark' : 'light');
  }

  override componentWillUnmount(): void {
    this.#system?.removeEventListener('change', this.#say);
    set(this.#before);
  }

  override render(): null {
    return null;
  }
}

function set(theme: string | undefined): void {
  const { dataset } = document.documentElement;
  if (theme) dataset.theme = theme;
  else delete dataset.theme;
  const scheme = document.querySelector<HTMLMetaElement>('meta[name=color-scheme]');
  if (scheme) scheme.content = theme === 'light' || theme === 'dark' ? theme : 'light dark';
}
