import { isTwoWay, type Json, limits, type NodeId, traitsOf } from '../../protocol/index.ts';
import { checkCellSize, decode, encode, jsonOf, type Store, splitText } from '../../storage/index.ts';
import { checksum, idMask, type Key, type SavedNode, type TreeNode } from '../../tree/index.ts';
import { type RunHeader, type RunRecord, recordOf, rowsOf } from '../replay/run-log.ts';
import { describeState } from './state-types.ts';

/** Lines of one row of a log: a log of a thousand lines costs one row a commit, not one blob. */
const chunkLines = 64;
/** Characters of a prop that the row of a new node may take along; a larger one gets its own row, and with it its own check. */
const alongside = 4_096;

/** A node that a handler built, as data: what a rebuild puts back. */
export interface BuiltNode {
  readonly key: Key;
  readonly parent: Key;
  readonly kind: string;
  /** The props when the node was first stored, without functions. Later changes have cells of their own. */
  readonly props: Record<string, Json>;
  /** Counts the nodes that handlers built in this page. */
  readonly order: number;
}

/** A stored command to the browser; see `Commands`. */
export interface StoredCommand {
  readonly key: Key;
  readonly number: number;
  readonly method: string;
  readonly args: readonly Json[];
}

interface Entry {
  props?: Record<string, Json | undefined>;
  /** Checksums of what the page said of two-way props when they were set. */
  said?: Record<string, number>;
  removed?: Set<Key>;
  /** See {@link Cells.types}. */
  types?: string;
  /** See {@link Cells.list}. */
  lists?: Map<string, StoredList>;
  /** Names of the node's cells, so that all go when it goes. */
  names: Set<string>;
}

/** The rows of a `ui.list`. */
export interface StoredList {
  /** The text of the items that the page function gave, in parts, as they were at the first change. */
  readonly base: string[];
  /** The rows of items since then by key. */
  readonly items: Map<string, string>;
}

/** Characters of a part of the items that the page function gave. A character takes at most three bytes. */
const basePart = 600_000;

/** What is known of a row. */
interface Row {
  /** Characters of its value. */
  size: number;
  /** The text of a state. */
  text?: string;
  /** The value that loading made of it, until somebody has it. */
  loaded?: { readonly value: unknown } | undefined;
}

type Pending = string | null | (() => string);

/** How much of a page may be stored, by who stores it. */
interface Share {
  readonly cells: number;
  readonly size: number;
}

const authorShare: Share = { cells: limits.cells, size: limits.cellsSize };
/** Beyond the author's, because a full page must still be able to say so. */
const frameworkShare: Share = {
  cells: limits.cells + limits.reservedCells,
  size: limits.cellsSize + limits.reservedSize,
};

/**
 * The durable values of one page. Each is one small row, named by a structural key and what it is:
 *
 * | name | holds |
 * | --- | --- |
 * | `KEY.p.PROP` | a prop that was set imperatively |
 * | `KEY.v.PROP` | a prop that the user writes too, after a checksum of what the page said of it when it was set |
 * | `KEY.l.N` | the stored lines of 64·N to 64·N + 63 of a log, after the number of the first |
 * | `KEY.r` | keys of children that handlers removed; KEY itself when a handler has removed all |
 * | `KEY.n` | a node that a handler built: parent, kind, props, order |
 * | `KEY.s.NAME` | a `ui.state` that belongs to the slot KEY |
 * | `KEY.q.LENGTH.NAME.ITEM` | an item of a `ui.list` of the slot KEY: its place and its value |
 * | `KEY.q.LENGTH.NAME:N` | part N of the items that the page function gave such a list, as they were at its first change |
 * | `KEY.t` | a letter for the type of the first value of each state of the slot KEY that has no name, by variable |
 * | `KEY.c.N` | command N for the component of the node KEY: its method and its arguments |
 * | `KEY.h.N` | how run N of a durable handler of the node KEY began, which has not ended |
 * | `KEY.h.N.I` | part I of the log of that run |
 * | `KEY.i` | a node number that differs from the key's own because another node has that |
 *
 * Writes are checked at once, so that the author's own line throws for a value that cannot be
 * stored. They wait for {@link Cells.persist}.
 */
export class Cells {
  readonly #entries = new Map<Key, Entry>();
  readonly #built: BuiltNode[] = [];
  readonly #runs: RunRecord[] = [];
  readonly #commands: StoredCommand[] = [];
  readonly #ids = new Map<Key, NodeId>();
  /** The values of `#ids`. A number stored for a key stays reserved while the key's node is absent. */
  readonly #reserved = new Set<NodeId>();
  readonly #rows = new Map<string, Row>();
  /** Rows of `KEY.v.PROP` from another build, which may say the same in other words: what it says first is what it said before. */
  readonly #reworded = new Set<string>();
  #pending = new Map<string, Pending>();
  #total = 0;

  /** True while what was loaded is another build's and was not compared with what this one makes. */
  foreign = false;

  /** True when something waits to be persisted. */
  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  /** Number of rows, for caps and figures. */
  get count(): number {
    return this.#rows.size;
  }

  /** Characters of all rows as JSON: at least, because each row has more than its value. */
  get size(): number {
    return this.#total + this.#rows.size * 32;
  }

  /**
   * Reads all rows of a page. A row that cannot be read is dropped and named in the list that comes
   * back.
   *
   * @param changed true when another build of the application wrote them.
   */
  load(rows: Iterable<{ readonly key: string; readonly value: string }>, changed = false): string[] {
    this.foreign = changed;
    const unreadable: string[] = [];
    // Made when there is one, as most pages have none.
    let lines: Map<Key, [chunk: number, first: number, lines: string[]][]> | undefined;
    let headers: Map<string, RunHeader> | undefined;
    let logs: Map<string, string[]> | undefined;
    for (const row of rows) {
      const dot = row.key.indexOf('.');
      const end = row.key.indexOf('.', dot + 1);
      const left = row.key.slice(0, Math.max(0, dot));
      const type = end < 0 ? row.key.slice(dot + 1) : row.key.slice(dot + 1, end);
      const rest = end < 0 ? '' : row.key.slice(end + 1);
      const key = Number.parseInt(left, 36);
      try {
        if (!Number.isSafeInteger(key) || key < 1 || name(key) !== left) throw new Error('an invalid key');
        const entry = this.#entry(key);
        if (type === 'h') {
          const [id = '', part] = rest.split('.');
          const run = `${left}.h.${id}`;
          const header = part === undefined ? decode(row.value) : undefined;
          if (part === undefined && !isRun(header)) throw new Error('an invalid run');
          headers ??= new Map();
          logs ??= new Map();
          if (isRun(header)) headers.set(run, header);
          else logs.set(run, Object.assign(logs.get(run) ?? [], { [Number(part)]: row.value }));
          entry.names.add(row.key);
          continue;
        }
        const value: unknown = type === 'q' ? undefined : decode(row.value);
        let text: string | undefined;
        switch (type) {
          case 'p':
            entry.props ??= {};
            entry.props[rest] = value as Json | undefined;
            break;
          case 'v': {
            const [said, set] = value as [number, Json | undefined];
            if (!Number.isSafeInteger(said)) throw new Error('an invalid checksum');
            entry.props ??= {};
            entry.props[rest] = set;
            entry.said ??= {};
            entry.said[rest] = said;
            if (changed) this.#reworded.add(row.key);
            break;
          }
          case 'l': {
            const [first, ...texts] = value as [number, ...string[]];
            if (!Number.isSafeInteger(first) || texts.some((text) => typeof text !== 'string'))
              throw new Error('invalid lines');
            lines ??= new Map();
            const chunks = lines.get(key) ?? [];
            chunks.push([Number(rest), first, texts]);
            lines.set(key, chunks);
            break;
          }
          case 'r':
            entry.removed = new Set(value as Key[]);
            break;
          case 'n': {
            const { parent, kind, props, order } = value as Omit<BuiltNode, 'key'>;
            if (typeof kind !== 'string' || typeof props !== 'object') throw new Error('an invalid node');
            this.#built.push({ key, parent, kind, props, order });
            break;
          }
          case 's':
            // As this build would write it, because texts are compared; an earlier one has written no JSON of objects.
            text = (row.value.startsWith('~') ? jsonOf(value) : undefined) ?? row.value;
            break;
          case 'q':
            this.#loadItem(entry, rest, row.value);
            break;
          case 't':
            if (typeof value !== 'string') throw new Error('invalid types');
            entry.types = value;
            break;
          case 'c': {
            const [method, ...args] = value as [string, ...Json[]];
            const number = Number(rest);
            if (typeof method !== 'string' || !Number.isSafeInteger(number)) throw new Error('an invalid command');
            this.#commands.push({ key, number, method, args });
            break;
          }
          case 'i':
            if (!Number.isSafeInteger(value)) throw new Error('an invalid number');
            this.#ids.set(key, value as NodeId);
            this.#reserved.add(value as NodeId);
            break;
          default:
            throw new Error(`an unknown type of row`);
        }
        entry.names.add(row.key);
        const size = row.value.length;
        this.#rows.set(row.key, text === undefined ? { size } : { size, text, loaded: { value } });
        this.#total += size;
      } catch {
        unreadable.push(row.key);
        this.#pending.set(row.key, null);
      }
    }
    for (const [key, chunks] of lines ?? []) {
      chunks.sort((a, b) => a[0] - b[0]);
      const entry = this.#entry(key);
      const last = chunks.at(-1);
      entry.props ??= {};
      entry.props.lines = chunks.flatMap((chunk) => chunk[2]);
      entry.props.total = last ? last[1] + last[2].length : 0;
    }
    for (const run of logs?.keys() ?? []) if (!headers?.has(run)) unreadable.push(...this.#dropLog(run));
    for (const [run, header] of headers ?? []) {
      const log = logs?.get(run) ?? [];
      try {
        this.#runs.push(recordOf(header, log));
      } catch (error) {
        // Because the code that continues runs reports the lost one.
        this.#runs.push({ ...recordOf(header, []), rows: log.length, unreadable: error });
      }
    }
    this.#built.sort((a, b) => a.order - b.order);
    this.#commands.sort((a, b) => a.number - b.number);
    return unreadable;
  }

  /** The runs that an earlier activation left open, in the order they began. */
  get openRuns(): readonly RunRecord[] {
    return this.#runs.sort((a, b) => a.id - b.id);
  }

  /**
   * Stores how a run began, and appends to its log. Logs do not count to the caps of a page: an
   * author cannot divide them.
   *
   * @param log.rows how many rows the log has already.
   * @returns how many rows it has then.
   */
  appendRun(
    { node, id }: { readonly node: Key; readonly id: number },
    { header, text, rows }: { readonly header: string | undefined; readonly text: string; readonly rows: number },
  ): number {
    const cell = `${name(node)}.h.${id}`;
    const { names } = this.#entry(node);
    const write = (row: string, value: string) => {
      names.add(row);
      this.#pending.set(row, value);
    };
    if (header !== undefined) write(cell, header);
    let next = rows;
    for (const part of rowsOf(text)) write(`${cell}.${next++}`, part);
    return next;
  }

  /** A log of a run of which nothing says how it began. @returns its rows. */
  #dropLog(run: string): string[] {
    const entry = this.#entry(Number.parseInt(run, 36));
    const rows = [...entry.names].filter((each) => each.startsWith(`${run}.`));
    for (const row of rows) this.#erase(entry, row);
    return rows;
  }

  forgetRun({ node, id }: { readonly node: Key; readonly id: number }): void {
    const entry = this.#entries.get(node);
    // Without the name of the row, because most handlers have none, and each one comes here.
    if (!entry || entry.names.size === 0) return;
    const cell = `${name(node)}.h.${id}`;
    if (!entry.names.has(cell)) return;
    for (const each of entry.names) if (each === cell || each.startsWith(`${cell}.`)) this.#erase(entry, each);
  }

  /** Returns the name of the cell of a state. */
  static stateCell(slot: Key, stateName: string): string {
    return `${name(slot)}.s.${stateName}`;
  }

  /** Returns the name under which journals record a `ui.list`. */
  static listCell(slot: Key, listName: string): string {
    return `${name(slot)}.q.${listName.length}.${listName}`;
  }

  /** Parses the name under which journals record an item of a `ui.list`. */
  static parseItem(cell: string): readonly [key: Key, list: string, item: string] | undefined {
    const [, key, length, rest] = /^([0-9a-z]+)\.q\.(\d+)\.(.*)$/s.exec(cell) ?? [];
    if (key === undefined || rest === undefined) return undefined;
    const end = Number(length);
    return rest[end] === '.' ? [Number.parseInt(key, 36), rest.slice(0, end), rest.slice(end + 1)] : undefined;
  }

  /** Returns the name of the cell of a prop. */
  static propCell(key: Key, prop: string): string {
    return `${name(key)}.p.${prop}`;
  }

  /** Returns how the names of all cells of an element begin. */
  static prefix(key: Key): string {
    return `${name(key)}.`;
  }

  /** Parses the name of the cell of a state or a prop into its parts. */
  static parse(cell: string): readonly [key: Key, type: 's' | 'p', name: string] | undefined {
    const [, key, type, name] = /^([0-9a-z]+)\.([ps])\.(.*)$/s.exec(cell) ?? [];
    if (key === undefined || name === undefined) return undefined;
    return [Number.parseInt(key, 36), type as 's' | 'p', name];
  }

  /** Nodes that handlers built, oldest first: a parent comes before its children. */
  get builtNodes(): readonly BuiltNode[] {
    return this.#built;
  }

  /** The stored commands, in the order of their numbers. */
  get commands(): readonly StoredCommand[] {
    return this.#commands;
  }

  /** Stores a command. @returns a copy of its arguments, because code may change its own objects later. */
  storeCommand(key: Key, number: number, method: string, args: readonly Json[]): readonly Json[] {
    const text = encode([method, ...args], `A call of ${method} in the browser`);
    this.#write(key, `${name(key)}.c.${number}`, text, text.length, frameworkShare);
    return (decode(text) as Json[]).slice(1);
  }

  forgetCommand(key: Key, number: number): void {
    const entry = this.#entries.get(key);
    const cell = `${name(key)}.c.${number}`;
    if (entry?.names.has(cell)) this.#erase(entry, cell);
  }

  /** Returns the keys with stored values. */
  keys(): Key[] {
    return [...this.#entries].filter(([, entry]) => entry.names.size > 0).map(([key]) => key);
  }

  /** What is stored for nodes, by their keys. */
  get nodes(): ReadonlyMap<Key, SavedNode> {
    return this.#entries;
  }

  saved(key: Key): SavedNode | undefined {
    return this.#entries.get(key);
  }

  /**
   * Returns the number for a key: its low bits, or the next free number, which it stores. `taken`
   * returns whether the node at another key has a number.
   */
  identify(key: Key, taken: (id: NodeId, key: Key) => boolean): NodeId {
    const stored = this.#ids.get(key);
    if (stored !== undefined) return stored;
    const first = key % (idMask + 1);
    let id: NodeId = first;
    while (id <= 1 || this.#reserved.has(id) || taken(id, key)) id = (id + 1) & idMask;
    if (id === first) return id;
    this.#ids.set(key, id);
    this.#reserved.add(id);
    const text = encode(id, 'the number of an element');
    this.#write(key, `${name(key)}.i`, text, text.length, frameworkShare);
    return id;
  }

  /**
   * Stores a prop.
   *
   * @param value as code gave it, and may still change it.
   * @param copy the value as the tree has it.
   * @throws {TypeError} naming the path of a part that cannot be stored.
   */
  storeProp(node: TreeNode, prop: string, value: Json | undefined, copy = value): void {
    if (!node.dynamic && isTwoWay(node.kind, prop)) {
      this.#storeSet(node, prop, value, copy, this.#entries.get(node.key)?.said?.[prop] ?? digest(node.props[prop]));
      return;
    }
    const cell = Cells.propCell(node.key, prop);
    const text = encode(value, `The prop \`${prop}\` of a ${node.kind}`);
    // Because a node that was not stored yet takes its props along.
    const along = node.dynamic && typeof this.#pending.get(`${name(node.key)}.n`) === 'function';
    if (along && text.length <= alongside && !this.#rows.has(cell)) return;
    this.#write(node.key, cell, text);
    const entry = this.#entry(node.key);
    entry.props ??= {};
    entry.props[prop] = copy;
  }

  /**
   * @returns false when nothing was stored.
   */
  forgetProp(node: TreeNode, prop: string): boolean {
    const entry = this.#entries.get(node.key);
    if (!entry?.props || !Object.hasOwn(entry.props, prop)) return false;
    delete entry.props[prop];
    delete entry.said?.[prop];
    for (const type of ['p', 'v']) {
      const cell = `${name(node.key)}.${type}.${prop}`;
      if (entry.names.has(cell)) this.#erase(entry, cell);
    }
    return true;
  }

  /** True when a page says something else of a two-way prop than it said when that was set. */
  superseded(node: TreeNode, prop: string, value: Json | undefined): boolean {
    const said = this.#entries.get(node.key)?.said?.[prop];
    const now = digest(value);
    const reworded = this.#reworded.delete(`${name(node.key)}.v.${prop}`);
    if (said === undefined || said === now) return false;
    if (reworded) {
      const set = this.#entries.get(node.key)?.props?.[prop];
      this.#storeSet(node, prop, set, set, now);
    }
    return !reworded;
  }

  /** The page says nothing of a two-way prop itself: what is set prevails, whatever the default is then. */
  defaults(node: TreeNode, prop: string): void {
    const entry = this.#entry(node.key);
    entry.said = { ...entry.said, [prop]: digest(undefined) };
  }

  #storeSet(node: TreeNode, prop: string, value: Json | undefined, copy: Json | undefined, said: number): void {
    const text = encode([said, value], `The prop \`${prop}\` of a ${node.kind}`);
    this.#write(node.key, `${name(node.key)}.v.${prop}`, text);
    const entry = this.#entry(node.key);
    entry.props ??= {};
    entry.props[prop] = copy;
    entry.said ??= {};
    entry.said[prop] = said;
  }

  storeLines(node: TreeNode, appended: number): void {
    const { lines: all, total } = node.storedLines;
    const first = total - all.length;
    const entry = this.#entry(node.key);
    const known = [...entry.names].some((cell) => cell.split('.')[1] === 'l');
    const from = known ? Math.max(first, total - appended) : first;
    for (let chunk = Math.floor(from / chunkLines); chunk * chunkLines < total; chunk++) {
      const begin = chunk * chunkLines;
      const texts = all.slice(Math.max(0, begin - first), begin + chunkLines - first);
      const size = texts.reduce((sum, text) => sum + text.length + 4, 16);
      // Encoded when persisted: a line pushed alone must not encode its 63 neighbours again each time. No character takes
      // more than six bytes; what may be too much by that measure is measured.
      const write = () => encodeLines(node, chunk);
      this.#write(node.key, `${name(node.key)}.l.${chunk}`, size * 6 > limits.cellSize ? write() : write, size);
    }
    entry.props ??= {};
    entry.props.lines = all as string[];
    entry.props.total = total;
    for (const cell of entry.names) {
      const [, type, chunk] = cell.split('.');
      if (type === 'l' && (total === 0 || (Number(chunk) + 1) * chunkLines <= first)) this.#erase(entry, cell);
    }
  }

  storeNode(node: TreeNode, order: number): void {
    const parent = node.parent;
    if (!parent) return;
    // The literal is taken when persisted: what the same turn sets belongs to it.
    const whole = () => {
      // Lines have rows of their own, and nothing runs when the node is put back.
      const { busy, lines, total, ...props } = node.props;
      if (lines !== undefined) Object.assign(props, { lines: [], total: 0 });
      for (const prop of traitsOf(node.kind).passing ?? []) delete props[prop];
      for (const prop of Object.keys(this.#entries.get(node.key)?.props ?? {})) {
        if (this.#rows.has(Cells.propCell(node.key, prop))) delete props[prop];
      }
      return encode({ parent: parent.key, kind: node.kind, props, order }, `A ${node.kind}`);
    };
    const text = whole();
    const share = node.reserved ? frameworkShare : authorShare;
    this.#write(node.key, `${name(node.key)}.n`, text.length > alongside ? text : whole, text.length, share);
  }

  storeRemoval(parent: TreeNode, child: TreeNode): void {
    const entry = this.#entry(parent.key);
    entry.removed ??= new Set();
    if (entry.removed.has(child.key)) return;
    entry.removed.add(child.key);
    // Because code that makes room on a full page must not be refused the row for it.
    const text = encode([...entry.removed], 'Removed elements');
    this.#write(parent.key, `${name(parent.key)}.r`, text, text.length, frameworkShare);
  }

  /** @returns true when it was more than a number, or the journal of a handler. */
  forget(key: Key): boolean {
    const entry = this.#entries.get(key);
    if (!entry) return false;
    const id = this.#ids.get(key);
    if (id !== undefined) this.#reserved.delete(id);
    this.#ids.delete(key);
    // Because an open handler continues without its element, and reports when it cannot.
    const runs = new Set<string>();
    let held = false;
    for (const cell of [...entry.names]) {
      const type = cell.split('.')[1];
      if (type !== 'h' && type !== 'i') held = true;
      if (type === 'h') runs.add(cell);
      else this.#erase(entry, cell);
    }
    if (runs.size === 0) this.#entries.delete(key);
    else this.#entries.set(key, { names: runs });
    return held;
  }

  /** Returns the stored value of a state, or undefined. */
  state(slot: Key, stateName: string): { readonly value: unknown } | undefined {
    const cell = Cells.stateCell(slot, stateName);
    const row = this.#rows.get(cell);
    if (row?.text === undefined) return undefined;
    // Each caller gets a value of its own; the first one the value that loading made.
    const found = row.loaded ?? { value: decode(row.text) };
    row.loaded = undefined;
    return found;
  }

  /** Returns the stored text of a state, or undefined. */
  stateText(cell: string): string | undefined {
    return this.#rows.get(cell)?.text;
  }

  /** Returns the names or numbers of the stored states of a slot. */
  states(slot: Key): string[] {
    const prefix = `${name(slot)}.s.`;
    return [...(this.#entries.get(slot)?.names ?? [])]
      .filter((cell) => cell.startsWith(prefix))
      .map((cell) => cell.slice(prefix.length));
  }

  dropState(slot: Key, stateName: string): void {
    const entry = this.#entries.get(slot);
    const cell = Cells.stateCell(slot, stateName);
    if (entry?.names.has(cell)) this.#erase(entry, cell);
  }

  /** Returns the types of the states of a slot that were given no name, at the last write; see `KEY.t`. */
  types(slot: Key): string | undefined {
    return this.#entries.get(slot)?.types;
  }

  storeTypes(slot: Key, types: string): void {
    const entry = this.#entry(slot);
    if (entry.types === types) return;
    this.#write(slot, `${name(slot)}.t`, encode(types, 'The types of states'));
    entry.types = types;
  }

  /**
   * @throws {TypeError} naming the path of a part that cannot be stored; {RangeError} above a cap.
   * Neither stores the value.
   */
  storeState(slot: Key, stateName: string, value: unknown, cell = Cells.stateCell(slot, stateName)): void {
    const text = encode(value, () => describeState(stateName));
    const row = this.#write(slot, cell, text);
    row.text = text;
    row.loaded = undefined;
  }

  /** Returns the names of the stored lists of a slot. */
  lists(slot: Key): string[] {
    return [...(this.#entries.get(slot)?.lists?.keys() ?? [])];
  }

  /** Returns the stored rows of a list; undefined when it was never changed. */
  list(slot: Key, listName: string): StoredList | undefined {
    return this.#entries.get(slot)?.lists?.get(listName);
  }

  /** Stores the items that the page function gave a list. Call it at the list's first change. */
  storeBase(slot: Key, listName: string, text: string): void {
    const { base } = this.#storedList(this.#entry(slot), listName);
    splitText(text, basePart).forEach((part, index) => {
      this.#write(slot, `${Cells.listCell(slot, listName)}:${index}`, part);
      base[index] = part;
    });
  }

  /** Stores the row of an item; undefined deletes it. @throws {RangeError} above a cap. */
  storeItem(slot: Key, listName: string, item: string, row: string | undefined): void {
    const entry = this.#entry(slot);
    const { items } = this.#storedList(entry, listName);
    const cell = `${Cells.listCell(slot, listName)}.${item}`;
    if (row === undefined) {
      items.delete(item);
      if (entry.names.has(cell)) this.#erase(entry, cell);
      return;
    }
    this.#write(slot, cell, row);
    items.set(item, row);
  }

  dropList(slot: Key, listName: string): void {
    const entry = this.#entries.get(slot);
    const list = entry?.lists?.get(listName);
    if (!entry || !list) return;
    const cell = Cells.listCell(slot, listName);
    for (const item of list.items.keys()) this.#erase(entry, `${cell}.${item}`);
    list.base.forEach((_, index) => this.#erase(entry, `${cell}:${index}`));
    entry.lists?.delete(listName);
  }

  #storedList(entry: Entry, listName: string): StoredList {
    entry.lists ??= new Map();
    const list = entry.lists.get(listName) ?? { base: [], items: new Map() };
    entry.lists.set(listName, list);
    return list;
  }

  /** @param rest the name of a row after `KEY.q.` */
  #loadItem(entry: Entry, rest: string, row: string): void {
    const dot = rest.indexOf('.');
    const end = dot + 1 + Number(rest.slice(0, dot));
    const { base, items } = this.#storedList(entry, rest.slice(dot + 1, end));
    const item = rest.slice(end + 1);
    if (rest[end] === ':') base[Number(item)] = row;
    else if (rest[end] === '.') items.set(item, row);
    else throw new Error('an invalid item');
  }

  /** Makes the texts of what waits for the commit, so that the transaction only writes. */
  prepare(): void {
    for (const [cell, pending] of this.#pending) {
      if (typeof pending !== 'function') continue;
      this.#pending.set(cell, pending());
    }
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

  /** @param size the size of a value that is encoded later, as far as it is known. */
  #write(key: Key, cell: string, value: string | (() => string), size = value.length, share = authorShare): Row {
    if (typeof value === 'string') checkCellSize(cell, value);
    let row = this.#rows.get(cell);
    if (!row && this.#rows.size >= share.cells) {
      throw new RangeError(
        `A page stores at most ${limits.cells} values. Store a long list in a shared list or a database, and show a part of it.`,
      );
    }
    if (this.#total - (row?.size ?? 0) + size > share.size) {
      throw new RangeError(
        `A page stores at most ${limits.cellsSize} characters in all its values. Store large data in R2 or D1.`,
      );
    }
    if (!row) {
      row = { size: 0 };
      this.#rows.set(cell, row);
      this.#entry(key).names.add(cell);
    }
    this.#total += size - row.size;
    row.size = size;
    this.#pending.set(cell, value);
    return row;
  }

  #erase(entry: Entry, cell: string): void {
    entry.names.delete(cell);
    this.#total -= this.#rows.get(cell)?.size ?? 0;
    this.#rows.delete(cell);
    this.#pending.set(cell, null);
  }
}

function digest(value: Json | undefined): number {
  return checksum(JSON.stringify(value) ?? '');
}

/** True for what at least says which run it is. */
function isRun(value: unknown): value is RunHeader {
  const { id, node } = (value ?? {}) as Partial<RunHeader>;
  return typeof id === 'number' && typeof node === 'number';
}

function name(key: Key): string {
  return key.toString(36);
}

function encodeLines(node: TreeNode, chunk: number): string {
  const { lines, total } = node.storedLines;
  const start = total - lines.length;
  const from = Math.max(0, chunk * chunkLines - start);
  const texts = lines.slice(from, Math.max(0, (chunk + 1) * chunkLines - start));
  return encode([start + from, ...texts], 'The lines of a log');
}
