import type { JsonObject } from './json.ts';

/** A node as aims are read from it: the session's own, or the browser's copy. */
export interface AimedNode<N> {
  readonly kind: string;
  readonly props: Readonly<JsonObject>;
  readonly children: readonly N[];
  readonly parent: N | undefined;
}

/** Nodes whose texts tell what something in `parent` is for. */
export interface Level<N> {
  readonly parent: N;
  /** The child of `parent` that it is, or is in. */
  readonly child: N;
  /** What `parent` begins with. */
  readonly first: N | undefined;
  readonly before: N | undefined;
  readonly after: N | undefined;
}

/** Texts that an aim has beside the element's own. Two of them and a usual event fit into 30 bytes. */
const mostTexts = 4;
/** Nodes that are looked at for one of them, so that a click costs the same on each page. */
const mostNodes = 64;
/** Levels above an element that are read, as far as they have texts. */
const mostLevels = 2;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * What a person saw where an event was made, as a short text: two letters for what the element says, with each number left out, and
 * two for each text that may tell it from others: its own when it has numbers, and those around it.
 */
export function aimOf<N extends AimedNode<N>>(node: N): string {
  const own = textOf(node);
  const plain = withoutNumbers(own);
  const around = [...aroundOf(levelsOf(node))].map(([text, role]) => mark(role + textOf(text)));
  return [mark(plain), ...(plain === own ? [] : [mark(own)]), ...around].join('');
}

/** The nodes whose texts an aim has beside the element's own, each with where it stands. */
export function aroundOf<N>(levels: readonly Level<N>[]): Map<N, string> {
  const around = new Map<N, string>();
  levels.forEach((level, index) => {
    for (const role of ['first', 'before', 'after'] as const) {
      const node = level[role];
      if (node !== undefined && !around.has(node) && around.size < mostTexts) around.set(node, `${role}${index} `);
    }
  });
  return around;
}

export function levelsOf<N extends AimedNode<N>>(node: N): Level<N>[] {
  const levels: Level<N>[] = [];
  for (
    let child = node, parent = child.parent;
    parent && levels.length < mostLevels;
    child = parent, parent = child.parent
  ) {
    const at = parent.children.indexOf(child);
    const beside = child === node;
    const first = parent.kind === 'root' ? undefined : nearest(parent, 0, 1, at);
    const before = beside ? nearest(parent, at - 1, -1) : undefined;
    const after = beside ? nearest(parent, at + 1, 1) : undefined;
    if (first || before || after) levels.push({ parent, child, first, before, after });
  }
  return levels;
}

/** True when the aim says that the element said this, whatever it counts. */
export function sawPlain(aim: string, text: string): boolean {
  return aim.startsWith(mark(withoutNumbers(text)));
}

/** True when the aim says that a text was seen: as the element's own, or, given where it stands, around it. */
export function saw(aim: string, text: string, role = ''): boolean {
  const wanted = mark(role + text);
  for (let at = 0; at < aim.length; at += 2) if (aim.startsWith(wanted, at)) return true;
  return false;
}

export function textOf({ props }: { readonly props: Readonly<JsonObject> }): string {
  const text = props.text ?? props.label;
  return typeof text === 'string' ? text : '';
}

/** With the word after each number, which may have a plural: 'Clicked 1 time' and 'Clicked 2 times' are the same. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d[\d.,:]*\s?\p{L}*/gu, '#');
}

/** The first node with a text, from a child on in one direction, and up to another child. */
function nearest<N extends AimedNode<N>>(parent: N, from: number, step: 1 | -1, until?: number): N | undefined {
  const budget = { nodes: mostNodes };
  // Of buttons, only those in a row or a card say what stands there: elsewhere they say what else one could do.
  const buttons = parent.kind === 'row' || parent.kind === 'card';
  for (let at = from; at !== until && at >= 0 && at < parent.children.length && budget.nodes > 0; at += step) {
    const found = nearestIn(parent.children[at] as N, step, buttons, budget);
    if (found) return found;
  }
  return undefined;
}

function nearestIn<N extends AimedNode<N>>(
  node: N,
  step: 1 | -1,
  buttons: boolean,
  budget: { nodes: number },
): N | undefined {
  // Parts come and go, and messages and dialogs stand elsewhere on the screen.
  const { kind, children } = node;
  if (--budget.nodes < 0 || kind === 'fragment' || kind === 'notification' || kind === 'dialog') return undefined;
  if (textOf(node) !== '' && (buttons || kind !== 'button')) return node;
  for (let at = step > 0 ? 0 : children.length - 1; at >= 0 && at < children.length; at += step) {
    const found = nearestIn(children[at] as N, step, buttons, budget);
    if (found) return found;
  }
  return undefined;
}

/** Two letters for a text; another text has the same once in 4,096 times. FNV-1a. */
function mark(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  const bits = (value ^ (value >>> 12) ^ (value >>> 24)) & 0xfff;
  return `${letters.charAt(bits >> 6)}${letters.charAt(bits & 63)}`;
}
