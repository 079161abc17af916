import type { Json, NodeId } from '../../protocol/index.ts';
import { isUnrecorded } from '../../reactive/index.ts';
import { encode } from '../../storage/index.ts';
import type { Key, SavedNode, TreeHost, TreeNode } from '../../tree/index.ts';
import type { ReplayView } from '../replay/replay-view.ts';
import { branch } from './branch.ts';
import { Cells } from './cells.ts';

/** The parts of a page that its tree tells what happens, and asks what was stored. */
export interface PageTreeHost {
  readonly cells: Cells;
  readonly handlers: {
    readonly current: { nextSegment(): string; wrote(cell: string, value: unknown): void } | undefined;
    readonly reading: boolean;
    reads(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined;
    readonly replay: ReplayView | undefined;
    isBusy(key: Key): boolean;
    changes(cell: string, before: () => string, value: unknown): void;
  };
  readonly build: { readonly running: Promise<void> | undefined };
  readonly states: { forget(node: TreeNode): void };
  readonly answers: { readonly waits: { gone(key: Key): void } };
  readonly runner: { changed(): void };
  readonly record: { readonly ended: boolean; touch(): void };
}

/** Makes a page's tree durable: stores its changes as cells, and shows replayed handlers the recorded tree. */
export class PageTree implements TreeHost {
  readonly #page: PageTreeHost;
  readonly #activation: string;
  #built: number;

  /**
   * @param activation names the page's stay in memory, another one each time the page is built.
   * @param built how many nodes handlers have built so far.
   */
  constructor(page: PageTreeHost, activation: number, built: number) {
    this.#page = page;
    this.#activation = activation.toString(36);
    this.#built = built;
  }

  /** How many nodes handlers have built. */
  get built(): number {
    return this.#built;
  }

  identify(key: Key, taken: (id: NodeId) => boolean): NodeId {
    return this.#page.cells.identify(key, taken);
  }

  saved(key: Key): SavedNode | undefined {
    return this.#page.cells.saved(key);
  }

  storeProp(node: TreeNode, prop: string, value: Json | undefined): void {
    const { cells, record } = this.#page;
    cells.storeProp(node, prop, value);
    if (prop !== 'lines') this.#changes(node, prop, node.props[prop], value);
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

  isBusy(key: Key): boolean {
    return this.#page.handlers.isBusy(key);
  }

  storeLines(node: TreeNode, appended: number): void {
    const { cells, record } = this.#page;
    cells.storeLines(node, appended);
    const total = node.props.total as number;
    this.#changes(node, 'total', total - appended, total);
    record.touch();
  }

  storeNode(node: TreeNode): void {
    this.#page.cells.storeNode(node, ++this.#built);
    this.#page.record.touch();
  }

  storeRemoval(parent: TreeNode, child: TreeNode): void {
    this.#page.cells.storeRemoval(parent, child);
    this.#page.record.touch();
  }

  forget(node: TreeNode): void {
    const { cells, states, answers, record } = this.#page;
    if (record.ended) return;
    cells.forget(node.key);
    states.forget(node);
    answers.waits.gone(node.key);
  }

  changed(): void {
    this.#page.runner.changed();
  }

  branch(): string {
    return this.#page.build.running ? branch() : '';
  }

  nextSegment(): string {
    // With the activation in its name: what is made again after an object died must not pass for what was lost with it.
    return this.#page.handlers.current?.nextSegment() ?? `+t${this.#activation}.${++this.#built}`;
  }

  get replaying(): boolean {
    return this.#page.handlers.replay !== undefined;
  }

  readsProp(node: TreeNode, prop: string, live: Json | undefined): { readonly value: Json | undefined } | undefined {
    const { handlers } = this.#page;
    if (!handlers.reading) return undefined;
    const seen = handlers.reads(Cells.propCell(node.key, prop), live, !isUnrecorded());
    return seen as { readonly value: Json | undefined } | undefined;
  }

  unchanged(node: TreeNode, prop: string, value: Json | undefined): void {
    this.#page.handlers.current?.wrote(Cells.propCell(node.key, prop), value);
  }

  diverted(node: TreeNode, prop: string, value: Json | undefined): boolean {
    const { replay } = this.#page.handlers;
    replay?.rewrites(Cells.propCell(node.key, prop), value);
    return replay !== undefined;
  }

  #changes(node: TreeNode, prop: string, before: Json | undefined, value: Json | undefined): void {
    this.#page.handlers.changes(Cells.propCell(node.key, prop), () => encode(before, 'A value'), value);
  }
}
