import { type Kind, type MirrorNode, ruleOf, traitsOf } from '../protocol/index.ts';

/** A query for elements: a text that they show, or several conditions that must all hold. */
export type Query =
  | string
  | {
      /** Kind of the element: `button`, `label`, `input` … */
      readonly kind?: Kind;
      /** A text that it shows: its own text, its label, its placeholder, or its value. */
      readonly text?: string;
      /** Value of its `data-mark` attribute, as in `.props({ 'data-mark': 'total' })`. */
      readonly mark?: string;
    };

/** Returns the texts by which a person would name an element: its text, label, placeholder and value. */
export function texts(node: MirrorNode): string[] {
  const { text, label, placeholder, value, alt } = node.props;
  const { typed, choices, texts } = traitsOf(node.kind);
  const all = [text, label, placeholder, alt, ...(typed ? [value] : []), ...(texts?.(node.props) ?? [])];
  for (const choice of choices?.(node.props) ?? []) all.push(choice.text);
  return all.filter((one): one is string => typeof one === 'string' && one !== '');
}

/** Returns true when a person could see the node. Hidden or closed ancestors and other tabs' panels hide it. */
export function visible(node: MirrorNode): boolean {
  for (let at: MirrorNode | undefined = node; at; at = at.parent) {
    if (at.props.hidden || traitsOf(at.kind).visible === false) return false;
    const around: MirrorNode | undefined = at.parent;
    const { reveals } = around ? traitsOf(around.kind) : {};
    if (around && reveals && !reveals(around.props, around.children.indexOf(at))) return false;
  }
  return true;
}

/** Returns the matching nodes below `root` in the order of the page. Exact matches come before partial ones. */
export function find(root: MirrorNode, query: Query): MirrorNode[] {
  const { kind, text, mark } = typeof query === 'string' ? { text: query } : query;
  const exact: MirrorNode[] = [];
  const loose: MirrorNode[] = [];
  const visit = (node: MirrorNode) => {
    const attrs = node.props.attrs as Readonly<Record<string, unknown>> | undefined;
    if ((kind === undefined || node.kind === kind) && (mark === undefined || attrs?.['data-mark'] === mark)) {
      const shown = text === undefined ? [] : texts(node);
      if (text === undefined || shown.includes(text)) exact.push(node);
      else if (shown.some((one) => one.includes(text))) loose.push(node);
    }
    node.children.forEach(visit);
  };
  visit(root);
  return exact.length > 0 ? exact : loose;
}

export function inWords(query: Query): string {
  if (typeof query === 'string') return JSON.stringify(query);
  const { kind = 'element', text, mark } = query;
  const named = text === undefined ? '' : ` ${JSON.stringify(text)}`;
  return `${kind}${named}${mark === undefined ? '' : ` marked ${JSON.stringify(mark)}`}`;
}

/** Returns the page as indented text for messages of failed tests. Invisible elements are in brackets. */
export function print(node: MirrorNode, depth = 0): string {
  const children = node.children.map((child) => print(child, node.kind === 'fragment' ? depth : depth + 1));
  const below = children.join('');
  if (node.kind === 'fragment') return below;
  const { disabled, busy, open } = node.props;
  const value = ruleOf(node.kind).writes ? node.props.value : undefined;
  const state = [
    value !== undefined && !traitsOf(node.kind).typed ? `= ${JSON.stringify(value)}` : '',
    disabled ? 'disabled' : '',
    busy ? 'busy' : '',
    open === false ? 'closed' : '',
  ];
  const words = [node.kind, ...texts(node).map((text) => JSON.stringify(text)), ...state].filter(Boolean).join(' ');
  return `${'  '.repeat(depth)}${visible(node) ? words : `[${words}]`}\n${below}`;
}
