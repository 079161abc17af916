import { type EditorTool, formatRichText } from '../../protocol/index.ts';
import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import { parseMarkup } from '../text/markup.ts';

/** Options of `ui.editor`. */
export interface EditorOptions extends ControlOptions<string> {
  /** Shown while the text is empty. @default none */
  readonly placeholder?: string;
  /** The buttons above the text, in their order. @default all */
  readonly tools?: readonly EditorTool[];
  /** Maximum of characters of the HTML. The session refuses longer texts. @default no limit of its own */
  readonly maxLength?: number;
  /** True shows the text without letting the user change it. @default false */
  readonly readOnly?: boolean;
}

const allTools: readonly EditorTool[] = [
  'bold',
  'italic',
  'underline',
  'strike',
  'heading',
  'bullets',
  'numbers',
  'quote',
  'link',
  'clear',
  'undo',
  'redo',
];

/** Formatted text that the user writes. Its value is HTML of an allow-list. */
export class Editor extends Control<string> {
  /** @internal */
  constructor(label: string, options: EditorOptions = {}) {
    const { value = '', placeholder, tools = allTools, maxLength, readOnly } = options;
    const props = own<'editor'>({
      value: '',
      tools: readOnly ? [] : tools,
      ...(label && { label }),
      ...(placeholder && { placeholder }),
      ...(maxLength !== undefined && { maxlength: maxLength }),
      ...(readOnly && { readonly: true }),
    });
    super('editor', props, value, options, cleaned);
  }
}

/** Returns HTML without what is not allowed, in the form in which a browser sends it. */
function cleaned(html: string): string {
  return formatRichText(parseMarkup(html));
}

/**
 * Shows a field for formatted text, with a toolbar (APG: toolbar). Its value is HTML of the elements that `ui.html` shows: without
 * scripts, styles and classes, whoever wrote it. The session refuses anything else from a browser.
 *
 * @example
 * const text = ui.state('<p>Dear <b>Ada</b>,</p>');
 * ui.editor('Letter', { value: text });
 * ui.html(text);
 *
 * @param label names the field; '' shows none.
 */
export function editor(label = '', options?: EditorOptions): Editor {
  return new Editor(label, options);
}
