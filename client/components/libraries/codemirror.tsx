import type { ComponentChildren } from 'preact';
import { isDark, onTheme } from '../../dom/index.ts';
import { loadChunk } from '../chunk.ts';
import { LibraryView, type Mounted } from '../library.tsx';

type Library = typeof import('../../libraries/codemirror.ts');

/** An editor in a shadow root, because its styles are then style sheets of the root and no inline ones. */
export class Codemirror extends LibraryView<'codemirror', Library> {
  protected override load(): Promise<Library> {
    return import('../../libraries/codemirror.ts');
  }

  protected override mount(library: Library, box: HTMLDivElement): Mounted<'codemirror'> {
    const { basicSetup, Compartment, EditorState, EditorView, languages, oneDark } = library;
    const { node, replica } = this.props;
    const root = box.shadowRoot ?? box.attachShadow({ mode: 'open' });
    const [theme, language, locked] = [new Compartment(), new Compartment(), new Compartment()];
    /** True while the session's text is set, which is no change by the person. */
    let setting = false;
    const { value, label, wrap, readonly } = this.props.props;
    const editor = new EditorView({
      root,
      parent: root,
      doc: value,
      extensions: [
        basicSetup,
        EditorView.theme({ '&': { height: '100%' }, '.cm-scroller': { overflow: 'auto' } }),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        ...(wrap ? [EditorView.lineWrapping] : []),
        theme.of(isDark(box) ? oneDark : []),
        language.of([]),
        locked.of(EditorState.readOnly.of(readonly === true)),
        EditorView.updateListener.of(({ docChanged, state, view }) => {
          if (docChanged && !setting) replica.edit(node, 'value', state.doc.toString(), undefined, view.composing);
        }),
        EditorView.domEventHandlers({
          blur: () => replica.flush(),
          compositionend: () => {
            replica.edit(node, 'value', editor.state.doc.toString());
          },
        }),
      ],
    });
    const speak = async (name: string | undefined): Promise<void> => {
      const wanted = name?.toLowerCase();
      const found = languages.find((one) => one.name.toLowerCase() === wanted || one.alias.includes(wanted ?? ''));
      const support = found ? await loadChunk(() => found.load()) : [];
      if (this.props.props.language === name) editor.dispatch({ effects: language.reconfigure(support) });
    };
    void speak(this.props.props.language);
    const end = onTheme(() => editor.dispatch({ effects: theme.reconfigure(isDark(box) ? oneDark : []) }));
    return {
      update: (props, before) => {
        const shown = editor.state.doc.toString();
        if (props.value !== before.value && props.value !== shown) {
          setting = true;
          editor.dispatch({ changes: changeOf(shown, props.value) });
          setting = false;
        }
        if (props.language !== before.language) void speak(props.language);
        if (props.readonly !== before.readonly) {
          editor.dispatch({ effects: locked.reconfigure(EditorState.readOnly.of(props.readonly === true)) });
        }
      },
      end: () => {
        end();
        editor.destroy();
      },
      methods: { focus: () => editor.focus() },
    };
  }

  override render(): ComponentChildren {
    const { own, props } = this.props;
    return (
      <div {...own.whole('edgewise-library edgewise-codemirror')}>
        <div ref={this.box} class="edgewise-library-box" />
        {this.state.problem && <p role="status">{this.state.problem}</p>}
        <noscript>
          <pre>{props.value}</pre>
        </noscript>
      </div>
    );
  }
}

/** Returns the smallest change that makes one text of another, so that the cursor stays. */
function changeOf(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let same = 0;
  while (same < most - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}
