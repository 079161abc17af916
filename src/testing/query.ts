import { type Kind, type MirrorNode, ruleOf, traitsOf } from '../protocol/index.ts';
import { roleOf } from './roles.ts';

/** A text, or a pattern of it. A text fits exactly before it fits as a part. */
export type Pattern = string | RegExp;

/** A query for elements: a text that they show, a pattern of it, or several conditions that must all hold. */
export type Query =
  | Pattern
  | {
      /** Kind of the element: `button`, `label`, `input` … */
      readonly kind?: Kind;
      /** Role of the element for assistive technology: `button`, `textbox`, `heading` … */
      readonly role?: string;
      /** Name of the element for assistive technology: its `aria-label`, its label, or the text that it and its children show. */
      readonly name?: Pattern;
      /** A text that it shows: its own text, its label, its placeholder, or its value. */
      readonly text?: Pattern;
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

/** Returns the names by which assistive technology calls an element. */
function names(node: MirrorNode): string[] {
  const label = attribute(node, 'aria-label');
  if (typeof label === 'string') return [label];
  const own = texts(node);
  return own.length > 0 ? own : [spoken(node)];
}

/** Returns all texts of a node and of what is in it, as one line. */
function spoken(node: MirrorNode): string {
  return [...texts(node), ...node.children.filter(visible).map(spoken)].filter(Boolean).join(' ');
}

function attribute(node: MirrorNode, name: string): unknown {
  return (node.props.attrs as Readonly<Record<string, unknown>> | undefined)?.[name];
}

/** How well texts fit: exactly, in part, or not. A pattern fits exactly. */
function fits(shown: readonly string[], wanted: Pattern): 'exact' | 'loose' | undefined {
  if (wanted instanceof RegExp) return shown.some((one) => one.search(wanted) >= 0) ? 'exact' : undefined;
  if (shown.includes(wanted)) return 'exact';
  return shown.some((one) => one.includes(wanted)) ? 'loose' : undefined;
}

const conditions = ['kind', 'role', 'name', 'text', 'mark'];

/**
 * Returns the matching nodes below `root` in the order of the page. Exact matches come before partial ones.
 *
 * @throws {TypeError} for a query that says nothing, or something that no query has: it would match everything.
 */
export function find(root: MirrorNode, query: Query): MirrorNode[] {
  const { kind, role, name, text, mark } = conditionsOf(query);
  const exact: MirrorNode[] = [];
  const loose: MirrorNode[] = [];
  const look = (node: MirrorNode) => {
    const is =
      (kind === undefined || node.kind === kind) &&
      (role === undefined || roleOf(node) === role) &&
      (mark === undefined || attribute(node, 'data-mark') === mark);
    const how = is ? [text && fits(texts(node), text), name && fits(names(node), name)] : [];
    if (is && (text === undefined || how[0]) && (name === undefined || how[1])) {
      (how.includes('loose') ? loose : exact).push(node);
    }
    node.children.forEach(look);
  };
  look(root);
  return exact.length > 0 ? exact : loose;
}

function conditionsOf(query: Query): Exclude<Query, Pattern> {
  if (typeof query === 'string' || query instanceof RegExp) return { text: query };
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  const wrong = given.find(([name]) => !conditions.includes(name));
  if (given.length > 0 && !wrong) return query;
  throw new TypeError(
    `A query is a text, a pattern, or an object of ${conditions.join(', ')}. It was ${wrong ? `given ${wrong[0]}` : 'empty'}.`,
  );
}

export function inWords(query: Query): string {
  if (typeof query === 'string' || query instanceof RegExp) return quoted(query);
  const { kind, role, name, text, mark } = query;
  const words = [kind ?? role ?? 'element'];
  if (kind !== undefined && role !== undefined) words.push(`of role ${role}`);
  if (text !== undefined) words.push(quoted(text));
  if (name !== undefined) words.push(`named ${quoted(name)}`);
  if (mark !== undefined) words.push(`marked ${JSON.stringify(mark)}`);
  return words.join(' ');
}

function quoted(pattern: Pattern): string {
  return typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern);
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
