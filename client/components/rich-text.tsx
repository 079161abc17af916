import type { ComponentChildren, RefObject } from 'preact';
import {
  type EditorTool,
  formatRichText,
  isAllowedTag,
  isPlainAttribute,
  type Markup,
  readRichText,
  safeUrl,
} from '../../src/protocol/index.ts';

/** The browser's editing command of each tool. */
const commands: Readonly<Record<EditorTool, string>> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strikeThrough',
  heading: 'formatBlock',
  bullets: 'insertUnorderedList',
  numbers: 'insertOrderedList',
  quote: 'formatBlock',
  link: 'unlink',
  clear: 'removeFormat',
  undo: 'undo',
  redo: 'redo',
};

/** The blocks that tools make of a paragraph, and a paragraph of them. */
const blocks: { readonly [Tool in EditorTool]?: string } = { heading: 'h3', quote: 'blockquote' };

/** Returns true when the text at the caret has what the tool does. */
export function isActive(tool: EditorTool): boolean {
  if (blocks[tool]) return document.queryCommandValue('formatBlock') === blocks[tool];
  if (tool === 'link') return getSelection()?.anchorNode?.parentElement?.closest('[contenteditable] a') != null;
  return document.queryCommandState(commands[tool]);
}

/** Does what a tool does to the selected text. */
export function apply(tool: EditorTool): void {
  document.execCommand('defaultParagraphSeparator', false, 'p');
  const block = blocks[tool];
  document.execCommand(commands[tool], false, block && (isActive(tool) ? 'p' : block));
}

/** Makes a link of a part of the text, or of the address where no text is selected. */
export function link(
  { startContainer, startOffset, endContainer, endOffset, collapsed }: Range,
  address: string,
): void {
  getSelection()?.setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
  document.execCommand(collapsed ? 'insertText' : 'createLink', false, address);
}

/** Asks for the address of a link. */
export function LinkField({
  form,
  onLink,
}: {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onLink: (address: string) => void;
}): ComponentChildren {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const asked = event.currentTarget as HTMLFormElement;
    const address = safeUrl(String(new FormData(asked).get('address') ?? '').trim());
    asked.hidePopover();
    asked.reset();
    if (address) onLink(address);
  };
  return (
    <form popover="auto" ref={form} class="edgewise-popup edgewise-editor-link" onSubmit={submit}>
      <input name="address" class="input input-sm" aria-label="Address of the link" placeholder="https://" autofocus />
      <button type="submit" class="btn btn-primary btn-sm">
        Link
      </button>
    </form>
  );
}

/** Moves the focus in a toolbar by arrow keys, Home and End. Returns the index of the button that has it; undefined for other keys. */
export function moveIn(event: KeyboardEvent, at: number, count: number): number | undefined {
  const goals: Record<string, number> = {
    ArrowRight: (at + 1) % count,
    ArrowLeft: (at - 1 + count) % count,
    Home: 0,
    End: count - 1,
  };
  const goal = goals[event.key];
  if (goal === undefined) return undefined;
  event.preventDefault();
  (event.currentTarget as HTMLElement).querySelectorAll('button')[goal]?.focus();
  return goal;
}

/** Replaces the text, and leaves the caret after as many characters. */
export function replace(control: HTMLElement, text: string): void {
  const at = document.activeElement === control ? caretIn(control) : undefined;
  control.replaceChildren(...nodesOf(text));
  if (at !== undefined) setCaret(control, at);
}

/** Returns what the nodes of an editable element are, as rich text. Styles, classes and what is not allowed go; their text stays. */
export function richTextOf(element: Element): string {
  const html = formatRichText(markupOf(element));
  // An emptied editor has a line break of the browser's own.
  return /^(<(p|div)>)?(<br>)?(<\/\2>)?$/.test(html) ? '' : html;
}

function markupOf(parent: Node): Markup[] {
  return [...parent.childNodes].flatMap((node): Markup[] => {
    if (node instanceof Text) return node.data ? [node.data] : [];
    if (!(node instanceof HTMLElement)) return [];
    const tag = node.localName;
    const children = markupOf(node);
    const attributes = Object.fromEntries(
      [...node.attributes].flatMap(({ name, value }) =>
        isPlainAttribute(name, value) && !/^data:/i.test(value) ? [[name, value]] : [],
      ),
    );
    const bare = Object.keys(attributes).length === 0;
    if (/^(script|style|template)$/.test(tag)) return [];
    // A pasted text is full of these.
    if (!isAllowedTag(tag) || (bare && tag === 'span') || (tag === 'img' && !attributes.src)) return children;
    return [[tag, attributes, ...children]];
  });
}

/** Returns rich text as nodes of the document. */
function nodesOf(html: string): Node[] {
  return (readRichText(html) ?? []).map(nodeOf);
}

function nodeOf(part: Markup): Node {
  if (typeof part === 'string') return document.createTextNode(part);
  const [tag, attributes, ...children] = part;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(nodeOf));
  return element;
}

/** Returns what is selected in the text. */
export function selectionIn(control: HTMLElement): Range | undefined {
  const selection = getSelection();
  if (!selection || selection.rangeCount === 0 || !control.contains(selection.anchorNode)) return undefined;
  return selection.getRangeAt(0).cloneRange();
}

/** Returns how many characters stand before the caret. */
function caretIn(control: HTMLElement): number | undefined {
  const selected = selectionIn(control);
  if (!selected) return undefined;
  const before = document.createRange();
  before.setStart(control, 0);
  before.setEnd(selected.endContainer, selected.endOffset);
  return before.toString().length;
}

function setCaret(control: HTMLElement, at: number): void {
  const texts = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
  let left = at;
  let last: Node = control;
  while (texts.nextNode()) {
    last = texts.currentNode;
    const { length } = last as Text;
    if (left <= length) {
      getSelection()?.collapse(last, left);
      return;
    }
    left -= length;
  }
  getSelection()?.collapse(last, last instanceof Text ? last.length : 0);
}
