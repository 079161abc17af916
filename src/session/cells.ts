import { parse, stringify } from 'devalue';
import { type Json, limits, type NodeId } from '../protocol/index.ts';
import type { Store } from '../storage/index.ts';
import { idMask, type Key, type SavedNode, type TreeNode } from '../tree/index.ts';

/** Lines of one row of a log: a log of a thousand lines costs one row a commit, not one blob. */
const chunkLines = 64;

/** A node that a handler built, as data: what a rebuild puts back. */
export interface BuiltNode {
  readonly key: Key;
  readonly parent: Key;
  readonly kind: string;
  /** As they were when the node was first kept; later changes have cells of their own. Its functions are gone. */
  readonly props: Record<string, Json>;
  /** Counts the nodes that handlers built in this page. */
  readonly order: number;
}

interface Entry {
  props?: Record<string, Json | undefined>;
  removed?: Set<Key>;
  /** Names of the node's cells, so that all go when it goes. */
  names: Set<string>;
}

type Pending = string | null | (() => string);

/**
 * The durable values of one page. Each is one small row, named by a structural key and what it is:
 *
 * | name | holds |
 * | --- | --- |
 * | `KEY.p.PROP` | a prop that was set imperatively or by the user |
 * | `KEY.l.N` | 64 lines of a log, from line 64·N |
 * | `KEY.r` | keys of children that handlers removed |
 * | `KEY.n` | a node that a handler built: parent, kind, props, order |
 * | `KEY.s.SORT` | a `ui.state` that belongs to the slot KEY |
 * | `KEY.i` | a node number that differs from the key's own because another node has that |
 *
 * Writes are encoded at once (so that the author's own line throws when a value cannot be kept) and wait for {@link Cells.persist}.
 */
export class Cells {
  readonly #entries = new Map<Key, Entry>();
  readonly #built: BuiltNode[] = [];
  readonly #values = new Map<string, string>();
  readonly #ids = new Map<Key, NodeId>();
  readonly #sizes = new Map<string, number>();
  #pending = new Map<string, Pending>();
  #total = 0;

  /** True when something waits to be persisted. */
  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  /** Number of rows, for caps and figures. */
  get count(): number {
    return this.#sizes.size;
  }

  /** Reads all rows of a page. A row that cannot be read is dropped and named in the list that comes back. */
  load(rows: Iterable<{ readonly key: string; readonly value: string }>): string[] {
    const unreadable: string[] = [];
    const lines = new Map<Key, [number, string[]][]>();
    for (const row of rows) {
      const [left = '', sort = '', ...rest] = row.key.split('.');
      const key = Number.parseInt(left, 36);
      const rest0 = rest.join('.');
      try {
        const value: unknown = sort === 's' ? undefined : decode(row.value);
        const entry = this.#entry(key);
        entry.names.add(row.key);
        this.#count(row.key, row.value.length);
        switch (sort) {
          case 'p':
            entry.props ??= {};
            entry.props[rest0] = value as Json | undefined;
            break;
          case 'l': {
            const chunks = lines.get(key) ?? [];
            chunks.push([Number(rest0), value as string[]]);
            lines.set(key, chunks);
            break;
          }
          case 'r':
            entry.removed = new Set(value as Key[]);
            break;
          case 'n':
            this.#built.push({ ...(value as Omit<BuiltNode, 'key'>), key });
            break;
          case 's':
            this.#values.set(row.key, row.value);
            break;
          case 'i':
            this.#ids.set(key, value as NodeId);
            break;
          default:
            throw new Error(`an unknown sort of row`);
        }
      } catch {
        unreadable.push(row.key);
        this.#pending.set(row.key, null);
      }
    }
    for (const [key, chunks] of lines) {
      chunks.sort((a, b) => a[0] - b[0]);
      const entry = this.#entry(key);
      const last = chunks.at(-1);
      entry.props ??= {};
      entry.props.lines = chunks.flatMap((chunk) => chunk[1]);
      entry.props.total = last ? last[0] * chunkLines + last[1].length : 0;
    }
    this.#built.sort((a, b) => a.order - b.order);
    return unreadable;
  }

  /** Nodes that handlers built, oldest first: a parent comes before its children. */
  get builtNodes(): readonly BuiltNode[] {
    return this.#built;
  }

  saved(key: Key): SavedNode | undefined {
    return this.#entries.get(key);
  }

  /** The number for a key: its low bits, or the next free one, which is then kept. `taken` tells whether another node has it. */
  identify(key: Key, taken: (id: NodeId) => boolean): NodeId {
    const kept = this.#ids.get(key);
    if (kept !== undefined) return kept;
    let id = (key % (idMask + 1)) as NodeId;
    if (id > 1 && !taken(id)) return id;
    do id = (id + 1) & idMask;
    while (id <= 1 || taken(id));
    this.#ids.set(key, id);
    this.#write(key, `${name(key)}.i`, encode(id, 'the number of an element'));
    return id;
  }

  keepProp(node: TreeNode, prop: string, value: Json | undefined): void {
    // A node that waits to be kept for the first time takes its props along.
    if (node.built && this.#pending.has(`${name(node.key)}.n`)) return;
    const entry = this.#entry(node.key);
    this.#write(node.key, `${name(node.key)}.p.${prop}`, encode(value, `The prop \`${prop}\` of a ${node.kind}`));
    entry.props ??= {};
    entry.props[prop] = value;
  }

  forgetProp(node: TreeNode, prop: string): void {
    const entry = this.#entries.get(node.key);
    if (!entry?.props || !Object.hasOwn(entry.props, prop)) return;
    delete entry.props[prop];
    this.#erase(entry, `${name(node.key)}.p.${prop}`);
  }

  keepLines(node: TreeNode, appended: number): void {
    const total = node.props.total as number;
    const all = node.props.lines as readonly string[];
    const first = total - all.length;
    const entry = this.#entry(node.key);
    entry.props ??= {};
    entry.props.lines = all;
    entry.props.total = total;
    const known = [...entry.names].some((cell) => cell.split('.')[1] === 'l');
    const from = known ? Math.max(first, total - appended) : first;
    for (let chunk = Math.floor(from / chunkLines); chunk * chunkLines < total; chunk++) {
      // Encoded when persisted: a line pushed alone must not encode its 63 neighbours again each time.
      this.#write(node.key, `${name(node.key)}.l.${chunk}`, () => {
        const now = node.props.lines as readonly string[];
        const start = (node.props.total as number) - now.length;
        const begin = chunk * chunkLines;
        return encode(now.slice(Math.max(0, begin - start), Math.max(0, begin + chunkLines - start)), 'Lines of a log');
      });
    }
    for (const cell of entry.names) {
      const [, sort, chunk] = cell.split('.');
      if (sort === 'l' && (Number(chunk) + 1) * chunkLines <= first) this.#erase(entry, cell);
    }
  }

  keepNode(node: TreeNode, order: number): void {
    const parent = node.parent;
    if (!parent) return;
    // The literal is taken when persisted: what the same turn sets belongs to it.
    this.#write(node.key, `${name(node.key)}.n`, () =>
      encode({ parent: parent.key, kind: node.kind, props: node.props, order }, `A ${node.kind}`),
    );
  }

  keepRemoval(parent: TreeNode, child: TreeNode): void {
    const entry = this.#entry(parent.key);
    entry.removed ??= new Set();
    entry.removed.add(child.key);
    this.#write(parent.key, `${name(parent.key)}.r`, encode([...entry.removed], 'Removed elements'));
  }

  forget(key: Key): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    for (const cell of [...entry.names]) if (!cell.endsWith('.i')) this.#erase(entry, cell);
    this.#ids.delete(key);
    for (const cell of [...entry.names]) this.#erase(entry, cell);
    this.#entries.delete(key);
  }

  /** The kept value of a state, or undefined when there is none. */
  state(slot: Key, sort: string): { readonly value: unknown } | undefined {
    const text = this.#values.get(`${name(slot)}.s.${sort}`);
    return text === undefined ? undefined : { value: decode(text) };
  }

  /** @throws {TypeError} naming the path of what cannot be kept; {RangeError} above a cap. The value is then not kept. */
  keepState(slot: Key, sort: string, value: unknown): void {
    const cell = `${name(slot)}.s.${sort}`;
    const text = encode(value, `The state \`${sort}\``);
    this.#write(slot, cell, text);
    this.#values.set(cell, text);
  }

  /** Writes what waits into the running transaction. Call {@link Cells.persisted} when it succeeded. */
  persist(store: Store, page: string): void {
    for (const [cell, pending] of this.#pending) {
      if (pending === null) store.deleteCell(page, cell);
      else store.writeCell(page, cell, typeof pending === 'function' ? pending() : pending);
    }
  }

  /** Forgets what waited: it is durable now. */
  persisted(): void {
    this.#pending = new Map();
  }

  #entry(key: Key): Entry {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { names: new Set() };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #write(key: Key, cell: string, value: string | (() => string)): void {
    const size = typeof value === 'string' ? value.length : 0;
    if (size > limits.cellSize) {
      throw new RangeError(
        `A value of ${size} characters is too large to keep; one value has at most ${limits.cellSize}. ` +
          'Keep large things in R2 or D1 and their key in the page.',
      );
    }
    const before = this.#sizes.get(cell);
    if (before === undefined && this.#sizes.size >= limits.cells) {
      throw new RangeError(
        `A page keeps at most ${limits.cells} values. Keep a list as one ui.state instead of one value an item.`,
      );
    }
    if (this.#total - (before ?? 0) + size > limits.cellsSize) {
      throw new RangeError(
        `A page keeps at most ${limits.cellsSize} characters in all its values. Keep large things in R2 or D1.`,
      );
    }
    this.#count(cell, size);
    this.#entry(key).names.add(cell);
    this.#pending.set(cell, value);
  }

  #erase(entry: Entry, cell: string): void {
    entry.names.delete(cell);
    this.#values.delete(cell);
    this.#total -= this.#sizes.get(cell) ?? 0;
    this.#sizes.delete(cell);
    this.#pending.set(cell, null);
  }

  #count(cell: string, size: number): void {
    this.#total += size - (this.#sizes.get(cell) ?? 0);
    this.#sizes.set(cell, size);
  }
}

function name(key: Key): string {
  return key.toString(36);
}

/** Text for a value: plain JSON for the simple ones, devalue's form (Map, Set, Date, BigInt, bytes, cycles) after a `~`. */
function encode(value: unknown, what: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  try {
    return `~${stringify(value)}`;
  } catch (error) {
    const path = (error as { path?: string }).path ?? '';
    throw new TypeError(
      `${what} cannot be kept: the value${path} is ${describe((error as Error).message)}. ` +
        'Keep plain data (objects, arrays, Map, Set, Date, bytes) and leave functions and class instances out.',
    );
  }
}

function describe(message: string): string {
  return /function/i.test(message) ? 'a function' : 'an instance of a class';
}

function decode(text: string): unknown {
  return text.startsWith('~') ? parse(text.slice(1)) : (JSON.parse(text) as unknown);
}
