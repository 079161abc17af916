import type { JsonObject } from './json.ts';

/** The part of a node that an aim is computed from: the session's node, or the browser's copy. */
export interface AimedNode<N> {
  readonly kind: string;
  readonly props: Readonly<JsonObject>;
  readonly children: readonly N[];
  readonly parent: N | undefined;
}

/** Nodes whose texts identify a child of `parent`. */
export interface Level<N> {
  readonly parent: N;
  /** The child of `parent` that is the target or contains it. */
  readonly child: N;
  /** The first node of `parent` with a text. */
  readonly first: N | undefined;
  readonly before: N | undefined;
  readonly after: N | undefined;
}

/** Maximum of texts in an aim beside the element's own. */
const mostTexts = 4;
/** Maximum of nodes to search for one text, so that a click costs the same on each page. */
const mostNodes = 64;
/** Maximum of levels with texts above an element. */
const mostLevels = 2;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Letters for the element's text without numbers. Each letter has 6 bits, so two texts collide once in 4,096 times. */
const plainLetters = 2;
/** The same where nothing else is known of the element, whose aim has this length then. */
const loneLetters = 3;
/** Letters for each other text. Two collide once in 262,144 times, because they are all that distinguishes a row from its neighbours. */
const otherLetters = 3;

/**
 * Returns a short text that identifies the element that a person saw. It has two letters for the element's text without numbers,
 * and three for each text that distinguishes it from others: its own with numbers, if any, and those around it. Where there is no
 * such text, it has three for the element's own.
 */
export function aimOf<N extends AimedNode<N>>(node: N): string {
  return aimFrom(textsOf(node));
}

/** The texts that an aim is made from: the element's own, and those around it, each after its position. */
export type AimTexts = readonly [own: string, ...around: string[]];

export function textsOf<N extends AimedNode<N>>(node: N): AimTexts {
  return [textOf(node), ...[...aroundOf(levelsOf(node))].map(([text, role]) => role + textOf(text))];
}

/** Returns the aim that is made from the texts of {@link textsOf}. */
export function aimFrom([own, ...texts]: AimTexts): string {
  const plain = withoutNumbers(own);
  const others = plain === own ? texts : [own, ...texts];
  const first = mark(plain, others[0] ? plainLetters : loneLetters);
  return first + others.map((text) => mark(text, otherLetters)).join('');
}

/** Returns the nodes whose texts an aim has beside the element's own, each with its position. */
export function aroundOf<N>(levels: readonly Level<N>[]): Map<N, string> {
  const around = new Map<N, string>();
  levels.forEach((level, index) => {
    for (const role of ['first', 'before', 'after'] as const) {
      const node = level[role];
      if (node && !around.has(node) && around.size < mostTexts) around.set(node, `${role}${index} `);
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

/** Returns true when the aim has this as the element's text, whatever its numbers. */
export function sawPlain(aim: string, text: string): boolean {
  return aim.startsWith(mark(withoutNumbers(text), aim.length === loneLetters ? loneLetters : plainLetters));
}

/** Returns true when the aim has a text: as the element's own, or, with a position, around it. */
export function saw(aim: string, text: string, role = ''): boolean {
  if (role === '' && !hasNumbers(text)) return sawPlain(aim, text);
  const wanted = mark(role + text, otherLetters);
  for (let at = plainLetters; at < aim.length; at += otherLetters) if (aim.startsWith(wanted, at)) return true;
  return false;
}

export function textOf({ props }: { readonly props: Readonly<JsonObject> }): string {
  const text = props.text ?? props.label;
  return typeof text === 'string' ? text : '';
}

/** Matches a number and the word after it, because of plurals: 'Clicked 1 time' and 'Clicked 2 times' are the same. */
export function withoutNumbers(text: string): string {
  return hasNumbers(text) ? text.replace(/\d[\d.,:]*\s?\p{L}*/gu, '#') : text;
}

export function hasNumbers(text: string): boolean {
  return /\d/.test(text);
}

/** Returns the first node with a text, from one child in one direction up to another child. */
function nearest<N extends AimedNode<N>>(parent: N, from: number, step: 1 | -1, until?: number): N | undefined {
  const budget = { nodes: mostNodes };
  // A button counts only in a row or a card, because elsewhere its text describes another action.
  const buttons = parent.kind === 'row' || parent.kind === 'card';
  for (let at = from; at >= 0 && at !== until && parent.children[at] && budget.nodes > 0; at += step) {
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
  // Dynamic parts are skipped, because they come and go; messages and dialogs, because they are elsewhere on the screen.
  const { kind, children } = node;
  if (--budget.nodes < 0 || kind === 'fragment' || kind === 'notification' || kind === 'dialog') return undefined;
  if (textOf(node) !== '' && (buttons || kind !== 'button')) return node;
  for (let at = step > 0 ? 0 : children.length - 1; children[at]; at += step) {
    const found = nearestIn(children[at] as N, step, buttons, budget);
    if (found) return found;
  }
  return undefined;
}

/** Returns letters for a text, by FNV-1a. */
function mark(text: string, count: number): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  // Because the lowest bits depend on the least of the text.
  let bits = value ^ (value >>> 12) ^ (value >>> 24);
  let marked = '';
  for (; marked.length < count; bits >>>= 6) marked += letters[bits & 63];
  return marked;
}
