import { Component, type ComponentChildren, createRef } from 'preact';
import { type EditorTool, type Markup, readRichText } from '../../../src/protocol/index.ts';
import { withListeners } from '../../dom/index.ts';
import { loadChunk } from '../chunk.ts';
import { Control } from '../control.tsx';
import { icon } from '../icon.tsx';
import { labelling, message } from '../labelling.tsx';

/** The buttons: their names, and what they show. */
const tools: Readonly<Record<EditorTool, readonly [name: string, shown: ComponentChildren]>> = {
  bold: ['Bold', <b key="b">B</b>],
  italic: ['Italic', <i key="i">I</i>],
  underline: ['Underline', <u key="u">U</u>],
  strike: ['Strikethrough', <s key="s">S</s>],
  heading: ['Heading', 'H'],
  bullets: ['List', icon('list')],
  numbers: ['Numbered list', icon('list-ordered')],
  quote: ['Quote', '❞'],
  link: ['Link', icon('link')],
  clear: ['Clear formatting', icon('remove-formatting')],
  undo: ['Undo', '↶'],
  redo: ['Redo', '↷'],
};

interface State {
  readonly ready: boolean;
  /** The tools whose effect the text at the caret has. */
  readonly active: readonly EditorTool[];
  /** The tool that Tab reaches. */
  readonly reached: number;
}

/**
 * Formatted text: the browser's own editing, with a toolbar by the pattern of the WAI. The text is made of nodes and read from nodes,
 * so that no text of HTML is ever set. It can be edited once this code is there.
 */
export class Editor extends Control<'editor', HTMLDivElement> {
  override readonly state: State = { ready: false, active: [], reached: 0 };
  /** What reads and changes the text, once it is there. */
  #editing: typeof import('../rich-text.tsx') | undefined;
  readonly #link = createRef<HTMLFormElement>();
  #range: Range | undefined;

  protected override textOf(value: string): string {
    return value;
  }

  protected override valueOf(text: string): string {
    return text;
  }

  protected override read(control: HTMLDivElement): string {
    return this.#editing?.richTextOf(control) ?? this.first;
  }

  protected override untouched(control: HTMLDivElement): string {
    return this.read(control);
  }

  protected override write(control: HTMLDivElement, text: string): void {
    this.#editing?.replace(control, text);
  }

  override async componentDidMount(): Promise<void> {
    super.componentDidMount();
    this.#editing = await loadChunk(() => import('../rich-text.tsx'));
    const control = this.control.current;
    if (!control) return;
    if (this.value !== this.first) this.write(control, this.value);
    document.addEventListener('selectionchange', this.#selected);
    this.setState({ ready: true });
  }

  override componentWillUnmount(): void {
    document.removeEventListener('selectionchange', this.#selected);
  }

  #selected = (): void => {
    if (document.activeElement !== this.control.current) return;
    this.setState({ active: this.props.props.tools.filter((tool) => this.#editing?.isActive(tool)) });
  };

  #use(tool: EditorTool, button: HTMLElement): void {
    const control = this.control.current;
    const editing = this.#editing;
    if (!control || !editing) return;
    if (tool === 'link' && !editing.isActive('link')) {
      this.#range = editing.selectionIn(control);
      this.#link.current?.showPopover({ source: button } as never);
      return;
    }
    control.focus();
    editing.apply(tool);
    this.#selected();
  }

  #linked = (address: string): void => {
    if (!this.#range) return;
    this.control.current?.focus();
    this.#editing?.link(this.#range, address);
  };

  #typed = (event: InputEvent): void => {
    const control = event.currentTarget as HTMLDivElement;
    // A paste brings styles that are not stored.
    if (/^insertFrom/.test(event.inputType)) this.write(control, this.read(control));
  };

  #moved = (event: KeyboardEvent): void => {
    const reached = this.#editing?.moveIn(event, this.state.reached, this.props.props.tools.length);
    if (reached !== undefined) this.setState({ reached });
  };

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, placeholder, readonly } = props;
    const { ready, active, reached } = this.state;
    const LinkField = this.#editing?.LinkField;
    const named = label ?? placeholder ?? 'Text';
    const off = !ready || readonly === true || node.props.disabled === true;
    const { disabled: _, ...typing } = withListeners(this.typing(), { oninput: this.#typed });
    return (
      <div {...own.outer('edgewise-editor')}>
        {label && (
          <div id={`e${node.id}-n`} class="edgewise-editor-label">
            {label}
          </div>
        )}
        <div class="edgewise-editor-frame">
          {props.tools.length > 0 && (
            <div
              role="toolbar"
              aria-label={`${named}: formatting`}
              aria-controls={`e${node.id}`}
              onKeyDown={this.#moved}
              onPointerDown={stay}
            >
              {props.tools.map((tool, index) => (
                <button
                  key={tool}
                  type="button"
                  class="btn btn-ghost btn-sm btn-square"
                  aria-label={tools[tool]?.[0]}
                  title={tools[tool]?.[0]}
                  aria-pressed={/do$/.test(tool) ? undefined : active.includes(tool)}
                  tabIndex={index === reached ? 0 : -1}
                  disabled={off}
                  onFocus={() => this.setState({ reached: index })}
                  onClick={(event) => this.#use(tool, event.currentTarget)}
                >
                  {tools[tool]?.[1]}
                </button>
              ))}
            </div>
          )}
          <div
            role="textbox"
            aria-multiline="true"
            {...labelling(node, props)}
            aria-label={label ? undefined : named}
            aria-labelledby={label && `e${node.id}-n`}
            aria-readonly={readonly ? 'true' : undefined}
            aria-disabled={node.props.disabled === true ? 'true' : undefined}
            tabIndex={0}
            class="edgewise-html edgewise-editor-text"
            data-placeholder={props.value === '' ? placeholder : undefined}
            {...typing}
            contentEditable={off ? 'false' : 'true'}
            ref={this.control}
          >
            <Still>{content(readRichText(this.first) ?? [])}</Still>
          </div>
        </div>
        {LinkField && <LinkField form={this.#link} onLink={this.#linked} />}
        {message(node, props)}
      </div>
    );
  }
}

/** The selection stays in the text. */
function stay(event: Event): void {
  event.preventDefault();
}

/** Shows rich text that was read, and so has only what is allowed. */
function content(parts: readonly Markup[]): ComponentChildren {
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    const [tag, attributes, ...children] = part;
    const Tag = tag as 'span';
    return <Tag {...attributes}>{content(children)}</Tag>;
  });
}

/** Content that is rendered once, because it then belongs to the person. */
class Still extends Component<{ readonly children: ComponentChildren }> {
  override shouldComponentUpdate(): boolean {
    return false;
  }

  override render(): ComponentChildren {
    return this.props.children;
  }
}
