import { Component, type ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** The page. Its children are in one column. Title, language and style sheet are set on the document. */
export class Root extends Component<ElementProps<'root'>> {
  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const { title, lang, styles } = this.props.props;
    if (title !== undefined && document.title !== title) document.title = title;
    if (lang) document.documentElement.lang = lang;
    if (styles) restyle(styles);
  }

  override render(): ComponentChildren {
    return <main {...this.props.own.whole('edgewise-root')}>{this.props.children}</main>;
  }
}

/** Replaces the style sheet. The old sheet stays until the new one is loaded, because the page would flash without one. */
function restyle(address: string): void {
  const old = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].pop();
  if (!old || old.getAttribute('href') === address) return;
  const link = old.cloneNode() as HTMLLinkElement;
  link.href = address;
  link.onload = () => old.remove();
  old.after(link);
}
