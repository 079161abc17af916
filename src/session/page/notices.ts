import type { Json } from '../../protocol/index.ts';
import { InterruptedError, readable } from '../../rpc/index.ts';
import { isReset } from '../../storage/index.ts';
import { describe, type Key, type Tree, type TreeNode } from '../../tree/index.ts';
import type { PageEntry } from '../host.ts';

/** Notices of errors shown at a time; older ones go. */
const most = 3;
/** Characters of a notice. The log has the whole message. */
const longest = 1_000;

/** A run that was interrupted, by what it takes to start it again. */
export interface Interrupted {
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
  readonly value: Json;
}

/** The parts of a page that its notices know. */
export interface NoticesHost {
  readonly host: { readonly development: boolean };
  readonly record: { readonly ended: boolean; readonly retired: boolean; readonly persistent: boolean; touch(): void };
  readonly build: { readonly ready: boolean };
  readonly tree: Tree;
  readonly runner: { turn<R>(fn: () => R): R };
  readonly handlers: {
    /** Runs a handler again that was interrupted. @returns false when its element is gone. */
    startAgain(interrupted: Interrupted, run: number): boolean;
  };
  readonly log: {
    threw(message: string, error: unknown, node?: TreeNode): void;
    write(entry: PageEntry): void;
  };
}

/**
 * The framework's own notifications to the user of a page. They have their own share of a full
 * page, and no method throws, because an error has already happened when it is called.
 */
export class Notices {
  readonly #page: NoticesHost;
  #shown: TreeNode[] = [];
  #trouble: TreeNode | undefined;
  #missed: TreeNode | undefined;
  /** The entries of the log that wait for the commit of what they are about. */
  #unlogged: (() => void)[] = [];

  constructor(page: NoticesHost) {
    this.#page = page;
  }

  /**
   * Reports an error of an author's code. The log has all of it; strangers see only that it
   * happened, developers the message.
   *
   * @param silent true keeps it from the user.
   * @param interrupted lets the user start a run again that was interrupted.
   */
  report(thrown: unknown, node: TreeNode | undefined, silent = false, interrupted?: Interrupted): void {
    const error = readable(thrown);
    // Because the code has done nothing wrong, and what has taken over runs it again.
    if (isReset(error) || this.#page.record.retired) return;
    // Also a function that a label follows, or the builder of a part.
    const what = `${node ? `Code of ${describe(node)}` : 'A handler'} failed.`;
    this.#afterCommit(() => this.#page.log.threw(what, error, node));
    if (silent) return;
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const text = this.#page.host.development
      ? `${node ? describe(node) : 'A handler'}: ${said}`
      : error instanceof InterruptedError
        ? 'The server was restarted. An action that you had started did not finish.'
        : 'Something went wrong. The rest of this page still works.';
    this.#show(text, 'negative', interrupted && node?.alive ? interrupted : undefined);
  }

  /** Writes to the log with the next commit. Without it a crash in between would report an error twice: a replay throws it again. */
  #afterCommit(log: () => void): void {
    const { build, record } = this.#page;
    if (!record.persistent || !build.ready || record.ended) {
      log();
      return;
    }
    this.#unlogged.push(log);
    record.touch();
  }

  /** Writes what waited for the commit, which succeeded, or failed and may do so for long. */
  committed(): void {
    for (const log of this.#unlogged.splice(0)) log();
  }

  /** Starts an interrupted run again, as the user asked. */
  accepted(node: TreeNode, run: number): void {
    const interrupted = this.#page.tree.value(node, 'starts') as unknown as Interrupted | undefined;
    this.dismissed(node);
    if (interrupted && !this.#page.handlers.startAgain(interrupted, run)) this.missed();
  }

  /** The user used what a handler had built before a restart, and which lost its own handler with it. */
  inert({ kind }: TreeNode): void {
    this.#show(
      this.#page.host.development
        ? `A handler built this ${kind} before a restart, and its own handler was lost. ` +
            'Build it with ui.each, ui.show or ui.region instead.'
        : 'This part is no longer active. Reload the page to use it.',
      'warning',
    );
  }

  /** The user used what is gone, or what had become another thing before the server heard of it: nothing was done. */
  missed(): void {
    if (this.#missed?.alive) return;
    this.#show(
      'The page changed before your action arrived, so nothing was done. Please check and try again.',
      'warning',
    );
    this.#missed = this.#shown.at(-1);
  }

  /** Something that who writes the page is to know at once. */
  developing(text: string): void {
    if (this.#page.host.development) this.#show(text, 'warning');
  }

  /** Shows that commits fail, once per outage, even when the user dismissed an earlier notice. */
  trouble(): void {
    if (this.#trouble) return;
    this.#attempt((tree) => {
      const text = 'Changes cannot be saved at the moment. This window retains them and retries.';
      const into = { node: tree.root, structural: true };
      const props = { text, type: 'warning', timeout: 0 };
      this.#trouble = tree.create(into, 'notification', props, { segment: '~trouble', reserved: true });
    });
  }

  /** Removes the notice, because commits succeed again. */
  relief(): void {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    if (trouble) this.#page.tree.remove(trouble, true);
  }

  /** The user dismissed a notification, or its time was over. */
  dismissed(node: TreeNode): void {
    // The notice of trouble is no part of what the page keeps; it comes again with the next trouble.
    this.#page.tree.remove(node, node === this.#trouble);
  }

  #show(text: string, type: 'negative' | 'warning', interrupted?: Interrupted): void {
    this.#attempt((tree) => {
      const shown = this.#shown.filter((node) => node.alive);
      while (shown.length >= most) tree.remove(shown.shift() as TreeNode, false);
      const into = { node: tree.root, structural: false };
      const offer = interrupted && { action: 'Start again', starts: { ...interrupted } };
      const said = text.length > longest ? `${text.slice(0, longest)}…` : text;
      const props = { text: said, type, timeout: offer ? 0 : 10_000, ...offer };
      shown.push(tree.create(into, 'notification', props, { reserved: true }));
      this.#shown = shown;
    });
  }

  #attempt(show: (tree: Tree) => void): void {
    const { record, runner, tree, log } = this.#page;
    if (record.ended) return;
    try {
      runner.turn(() => show(tree));
    } catch (error) {
      const message = 'A notice could not be shown.';
      log.write({ level: 'error', fault: 'framework', message, error });
    }
  }
}
