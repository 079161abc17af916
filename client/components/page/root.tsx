import { Component, type ComponentChildren } from 'preact';
import { loadChunk } from '../chunk.ts';
import type { ElementProps } from '../types.ts';

/**
 * The page: its content in one column, and the bars and drawers around it. Title, language and style sheet are set on the
 * document.
 */
export class Root extends Component<ElementProps<'root'>> {
  /** The style sheet of the document, or the newest that was asked for. */
  #styles = this.props.props.styles;

  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const { title, lang, styles } = this.props.props;
    if (title !== undefined && document.title !== title) document.title = title;
    if (lang) document.documentElement.lang = lang;
    // Only a new build has another one.
    if (styles === this.#styles) return;
    this.#styles = styles;
    // The sheet is asked for again as the chunk is, because the server may be away, and another one may have come meanwhile.
    void loadChunk(() => import('../restyle.ts').then((chunk) => chunk.restyle(this.#styles)));
  }

  override render(): ComponentChildren {
    const { own, node } = this.props;
    const parts = node.children.map(({ kind }) => kind);
    const childrenOf = (fits: (kind: string | undefined) => boolean) =>
      (this.props.children as ComponentChildren[]).filter((_, index) => fits(parts[index]));
    const isTop = (kind: string | undefined) => kind === 'header' || kind === 'drawer';
    const isBottom = (kind: string | undefined) => kind === 'footer';
    return (
      <div class="edgewise-shell">
        {childrenOf((kind) => kind === 'skipLink')}
        {childrenOf(isTop)}
        <main id="edgewise-main" {...own.whole('edgewise-root')}>
          {childrenOf((kind) => kind !== 'skipLink' && !isTop(kind) && !isBottom(kind))}
        </main>
        {childrenOf(isBottom)}
      </div>
    );
  }
}
