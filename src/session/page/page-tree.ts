import type { Json, NodeId } from '../../protocol/index.ts';
import { encode } from '../../storage/index.ts';
import type { Key, SavedNode, TreeHost, TreeNode } from '../../tree/index.ts';
import type { CellsOfElement } from '../replay/journal.ts';
import type { ReplayView } from '../replay/replay-view.ts';
import { branch } from './branch.ts';
import { Cells } from './cells.ts';

/** The parts of a page that its tree tells what happens, and asks what was stored. */
export interface PageTreeHost {
  readonly cells: Cells;
  readonly handlers: {
    readonly current: { nextSegment(): string; wrote(cell: string, value: unknown): void } | undefined;
    readonly once: TreeHost['once'];
    readonly reading: boolean;
    read(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined;
    readonly replay: ReplayView | undefined;
    readonly busy: NonNullable<TreeHost['busy']>;
    recordWrite(cell: string, before: () => string, value: unknown): void;
    refused(cell: string, error: unknown): void;
    acts(name: string): void;
    removed(node: TreeNode): void;
    rewriteLost(node: TreeNode, cells: Partial<CellsOfElement>): void;
  };
  readonly build: { readonly running: Promise<void> | undefined; readonly ready: boolean };
  readonly states: { forget(node: TreeNode): void };
  readonly answers: { readonly waits: { gone(key: Key): void } };
  readonly commands: {
    give(number: number, node: TreeNode, method: string, args: readonly Json[]): void;
    forget(node: TreeNode): void;
  };
  readonly runner: { changed(): void };
  readonly record: { readonly ended: boolean; touch(): void };
}

/** Makes a page's tree durable: stores its changes as cells, and shows replayed handlers the recorded tree. */
export class PageTree implements TreeHost {
  readonly #page: PageTreeHost;
  readonly #activation: number;
  #built: number;

  /**
   * @param activation names the page's stay in memory, another one each time the page is built.
   * @param built how many nodes and commands of handlers there were so far.
   */
  constructor(page: PageTreeHost, activation: number, built: number) {
    this.#page = page;
    this.#activation = activation;
    this.#built = built;
  }

  /** How many nodes handlers have built, and commands they have given. */
  get built(): number {
    return this.#built;
  }

  identify(key: Key, taken: (id: NodeId, key: Key) => boolean): NodeId {
    return this.#page.cells.identify(key, taken);
  }

  get saved(): ReadonlyMap<Key, SavedNode> {
    return this.#page.cells.nodes;
  }

  storeProp(node: TreeNode, prop: string, value: Json | undefined, copy: Json | undefined): void {
    const { cells, record } = this.#page;
    try {
      cells.storeProp(node, prop, value, copy);
    } catch (error) {
      this.#refused(node, prop, error);
      throw error;
    }
    if (prop !== 'lines') this.#recordWrite(node, prop, node.props[prop], copy);
    record.touch();
  }

  dropProp(node: TreeNode, prop: string): void {
    if (this.#page.cells.forgetProp(node, prop)) this.#page.record.touch();
  }

  superseded(node: TreeNode, prop: string, value: Json | undefined): boolean {
    const { cells, record } = this.#page;
    const was = cells.dirty;
    const superseded = cells.superseded(node, prop, value);
    if (cells.dirty && !was) record.touch();
    return superseded;
  }

  defaults(node: TreeNode, prop: string): void {
    this.#page.cells.defaults(node, prop);
  }

  get busy(): NonNullable<TreeHost['busy']> {
    return this.#page.handlers.busy;
  }

  storeLines(node: TreeNode, appended: number): void {
    const { cells, record } = this.#page;
    try {
      cells.storeLines(node, appended);
    } catch (error) {
      this.#refused(node, 'total', error);
      throw error;
    }
    const { total } = node.storedLines;
    this.#recordWrite(node, 'total', total - appended, total);
    record.touch();
  }

  storeNode(node: TreeNode): void {
    try {
      this.#page.cells.storeNode(node, ++this.#built);
    } catch (error) {
      this.refused(node.key, 'n', error);
      throw error;
    }
    this.#page.record.touch();
  }

  storeRemoval(parent: TreeNode, child: TreeNode): void {
    this.#page.cells.storeRemoval(parent, child);
    this.#page.record.touch();
  }

  forget(node: TreeNode): void {
    const { cells, commands, handlers, states, answers, record } = this.#page;
    if (record.ended) return;
    handlers.removed(node);
    cells.forget(node.key);
    commands.forget(node);
    states.forget(node);
    answers.waits.gone(node.key);
  }

  rewriteLost(node: TreeNode, prop: string): void {
    const text = encode(node.props[prop], 'A prop');
    this.#page.handlers.rewriteLost(node, { values: [[Cells.propCell(node.key, prop), text]] });
  }

  call(node: TreeNode, method: string, args: readonly Json[]): void {
    try {
      this.#page.commands.give(++this.#built, node, method, args);
    } catch (error) {
      this.refused(node.key, '!', error);
      throw error;
    }
    this.acts(node.key, '!');
  }

  acts(key: Key, what: string): void {
    this.#page.handlers.acts(Cells.prefix(key) + what);
  }

  refused(key: Key, what: string, error: unknown): void {
    this.#page.handlers.refused(Cells.prefix(key) + what, error);
  }

  changed(): void {
    // Because nobody is shown what a builder makes before it is done.
    if (this.#page.build.ready) this.#page.runner.changed();
  }

  branch(): string {
    return this.#page.build.running ? branch() : '';
  }

  nextSegment(): string {
    // With the activation in its name: what is made again after an object died must not pass for what was lost with it.
    return this.#page.handlers.current?.nextSegment() ?? `+t${this.#activation.toString(36)}.${++this.#built}`;
  }

  get once(): TreeHost['once'] {
    return this.#page.handlers.once;
  }

  get replaying(): boolean {
    return this.#page.handlers.replay !== undefined;
  }

  readsProp(
    node: TreeNode,
    prop: string,
    live: Json | undefined,
    own: boolean,
  ): { readonly value: Json | undefined } | undefined {
    const { handlers } = this.#page;
    if (!handlers.reading) return undefined;
    const seen = handlers.read(Cells.propCell(node.key, prop), live, own);
    return seen as { readonly value: Json | undefined } | undefined;
  }

  unchanged(node: TreeNode, prop: string, value: Json | undefined): void {
    this.#page.handlers.current?.wrote(Cells.propCell(node.key, prop), value);
  }

  diverted(node: TreeNode, prop: string, value: Json | undefined): boolean {
    const { replay } = this.#page.handlers;
    replay?.rewrite(Cells.propCell(node.key, prop), value);
    return replay !== undefined;
  }

  #refused(node: TreeNode, prop: string, error: unknown): void {
    this.#page.handlers.refused(Cells.propCell(node.key, prop), error);
  }

  #recordWrite(node: TreeNode, prop: string, before: Json | undefined, value: Json | undefined): void {
    this.#page.handlers.recordWrite(Cells.propCell(node.key, prop), () => encode(before, 'A value'), value);
  }
}
