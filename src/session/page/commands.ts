import { type CommandOp, type Json, limits } from '../../protocol/index.ts';
import type { Tree, TreeNode } from '../../tree/index.ts';
import type { Cells } from './cells.ts';

/** A call of a method in the browser that the browser has not begun. */
interface Command {
  readonly number: number;
  readonly node: TreeNode;
  readonly method: string;
  readonly args: readonly Json[];
}

/** The parts of a page that its commands use. */
export interface CommandsHost {
  readonly cells: Cells;
  readonly tree: Tree;
  readonly build: {
    /** True once the page function has built the page. */
    readonly ready: boolean;
  };
  readonly record: { touch(): void };
  readonly log: {
    /** Advises the author, in development only and once for each text. */
    advise(text: string): void;
  };
  readonly owner: { durable(): Promise<void> };
}

/**
 * The commands of a page, such as to navigate, to save a file or to take the focus. Each has its effect in the browser exactly once.
 * It is a row until the browser says that it has begun, and no browser gets it before the row is durable: a handler whose effects
 * are lost with the object gives its commands again, perhaps under other numbers.
 *
 * ```
 *   give ──► new ──commit──► ready ──take──► under way ──done──► gone
 *                              ▲                 │
 *                              └── another hello ┘
 * ```
 */
export class Commands {
  readonly #page: CommandsHost;
  /** All of them by number, oldest first. */
  readonly #open = new Map<number, Command>();
  /** Those that wait for their commit. */
  #new: Command[] = [];
  /** Those that are durable, and not on their way to the present browser. */
  #ready: Command[] = [];

  constructor(page: CommandsHost) {
    this.#page = page;
  }

  /** True when there is something to take. */
  get ready(): boolean {
    return this.#ready.length > 0;
  }

  /**
   * Gives a command under a number of its own. What a page function commands has no effect, because no browser shows the page yet.
   *
   * @throws {TypeError} for arguments that cannot be stored.
   */
  give(number: number, node: TreeNode, method: string, args: readonly Json[]): void {
    const { build, cells, log, owner, record } = this.#page;
    if (!build.ready) {
      log.advise(
        `A page function called ${method}, which has no effect. Throw redirect('/…'), or call it in a handler.`,
      );
      return;
    }
    const command = { number, node, method, args: cells.storeCommand(node.key, number, method, args) };
    this.#open.set(number, command);
    this.#new.push(command);
    if (this.#open.size > limits.commands) {
      const [oldest = 0] = this.#open.keys();
      this.done(oldest);
      log.advise(
        `More than ${limits.commands} commands of the page wait for its browser, such as ${node.kind}.${method}. The oldest are dropped. ` +
          'Use a prop or a state for what changes often.',
      );
    }
    record.touch();
    // At once, because a person waits for the command, and it waits for its commit.
    void owner.durable();
  }

  /** Puts back the commands that an earlier activation has stored. Call it when the page is built. */
  restore(): void {
    const { cells, tree } = this.#page;
    for (const { key, number, method, args } of cells.commands) {
      const node = tree.at(key);
      if (!node) {
        cells.forgetCommand(key, number);
        continue;
      }
      const command = { number, node, method, args };
      this.#open.set(number, command);
      this.#ready.push(command);
    }
  }

  /** The rows of all commands are durable. */
  committed(): void {
    if (this.#new.length === 0) return;
    this.#ready.push(...this.#new);
    this.#new = [];
  }

  /** Another browser shows the page, or the same one has missed what was sent: it needs all commands. */
  again(): void {
    if (this.#open.size === 0) return;
    const waiting = new Set(this.#new);
    this.#ready = [...this.#open.values()].filter((command) => !waiting.has(command));
  }

  /** Returns what has become ready since the last call, for the browser that shows the page. */
  take(): CommandOp[] {
    const ready = this.#ready;
    if (ready.length === 0) return [];
    this.#ready = [];
    const ops: CommandOp[] = [];
    for (const { number, node, method, args } of ready) {
      if (!this.#open.has(number)) continue;
      // A browser has no parked node.
      if (node.isParked) this.done(number);
      else ops.push(['!', number, node.id, method, ...args]);
    }
    return ops;
  }

  /** The browser has begun a command. */
  done(number: number): void {
    const command = this.#open.get(number);
    if (!command) return;
    this.#open.delete(number);
    this.#page.cells.forgetCommand(command.node.key, number);
  }

  /** The node is gone, and its rows with it. */
  forget(node: TreeNode): void {
    if (this.#open.size === 0) return;
    for (const [number, command] of this.#open) if (command.node === node) this.#open.delete(number);
  }
}
