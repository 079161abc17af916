import type { ComponentChildren } from 'preact';
import { colorOf, onTheme } from '../../dom/index.ts';
import { LibraryView, type Mounted } from '../library.tsx';

type Library = typeof import('../../libraries/xterm.ts');

export class Xterm extends LibraryView<'xterm', Library> {
  protected override load(): Promise<Library> {
    return import('../../libraries/xterm.ts');
  }

  protected override mount({ Terminal, FitAddon }: Library, box: HTMLDivElement): Mounted<'xterm'> {
    const { node, replica } = this.props;
    const { readonly } = this.props.props;
    const sheets: CSSStyleSheet[] = [];
    const colors = () => ({
      background: colorOf(box, 'neutral'),
      foreground: colorOf(box, 'neutral-content'),
      cursor: colorOf(box, 'neutral-content'),
      selectionBackground: colorOf(box, 'primary'),
    });
    const terminal = new Terminal({
      disableStdin: readonly === true,
      cursorBlink: readonly !== true,
      screenReaderMode: true,
      fontFamily: 'ui-monospace, monospace',
      fontSize: 14,
      theme: colors(),
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    withStyleSheets(sheets, () => terminal.open(box));
    /** Number of pieces that were written. */
    let written = 0;
    const write = ({ lines, total }: { readonly lines: readonly string[]; readonly total: number }) => {
      const missed = total - written > lines.length && written > 0;
      if (total < written || missed) terminal.reset();
      const fresh = total < written || missed ? lines.length : Math.min(lines.length, total - written);
      for (const text of lines.slice(lines.length - fresh)) terminal.write(text);
      written = total;
    };
    terminal.onData((text) => {
      for (let at = 0; at < text.length; at += 20_000) replica.emit(node, 'data', text.slice(at, at + 20_000));
    });
    terminal.onResize(({ cols, rows }) => replica.emit(node, 'resize', { cols, rows }));
    fit.fit();
    write(this.props.props);
    const size = new ResizeObserver(() => fit.fit());
    size.observe(box);
    const theme = onTheme(() => {
      terminal.options.theme = colors();
    });
    return {
      update: write,
      end: () => {
        size.disconnect();
        theme();
        terminal.dispose();
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
      },
      methods: { focus: () => terminal.focus() },
    };
  }

  override render(): ComponentChildren {
    return this.view('edgewise-xterm', this.props.props.label, 'group');
  }
}

/**
 * Runs code that makes style elements, and gives it elements whose texts become style sheets, because the policy of the page refuses
 * inline styles.
 */
function withStyleSheets(sheets: CSSStyleSheet[], run: () => void): void {
  document.createElement = ((name: string) => {
    if (name !== 'style') return Document.prototype.createElement.call(document, name);
    const sheet = new CSSStyleSheet();
    sheets.push(sheet);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const none = Object.assign(Document.prototype.createElement.call(document, 'span'), { hidden: true });
    return Object.defineProperty(none, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  }) as typeof document.createElement;
  try {
    run();
  } finally {
    // The document's own method shows again.
    Reflect.deleteProperty(document, 'createElement');
  }
}
