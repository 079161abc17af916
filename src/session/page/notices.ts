import { InterruptedError } from '../../rpc/index.ts';
import { describe, type Tree, type TreeNode } from '../../tree/index.ts';

/** Notices of errors shown at a time; older ones go. */
const most = 3;

/** The parts of a page that its notices know. */
export interface NoticesHost {
  readonly host: { readonly development: boolean };
  readonly record: { readonly ended: boolean };
  readonly tree: Tree;
  readonly runner: { turn<R>(fn: () => R): R };
  readonly log: { threw(message: string, error: unknown, node?: TreeNode): void };
}

/** What the framework itself says to the user of a page: notifications that no author made. */
export class Notices {
  readonly #page: NoticesHost;
  #shown: TreeNode[] = [];
  #trouble: TreeNode | undefined;

  constructor(page: NoticesHost) {
    this.#page = page;
  }

  /**
   * An author's code threw. The log has all of it; strangers are told that it did, and only developers what.
   *
   * @param silent true keeps it from the user.
   */
  report(error: unknown, node: TreeNode | undefined, silent = false): void {
    this.#page.log.threw(`A handler${node ? ` of ${describe(node)}` : ''} failed.`, error, node);
    if (silent) return;
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const text = this.#page.host.development
      ? `${node ? describe(node) : 'A handler'}: ${what}`
      : error instanceof InterruptedError
        ? 'The server was restarted, and something that you had started did not get to its end.'
        : 'Something went wrong. Everything else on this page goes on working.';
    this.#show(text, 'negative');
  }

  /** The user used what a handler had built before a restart, and which lost its own handler with it. */
  inert({ kind }: TreeNode): void {
    this.#show(
      this.#page.host.development
        ? `This ${kind} was built by a handler before a restart, and its own handler could not be kept. ` +
            'Build it with ui.each, ui.show or ui.region instead.'
        : 'This part is no longer active. Reload the page to use it.',
      'warning',
    );
  }

  /** Something that who writes the page is to know at once. */
  developing(text: string): void {
    if (this.#page.host.development) this.#show(text, 'warning');
  }

  /** Nothing can be kept: said once for each stretch of trouble, whether or not the user has dismissed it meanwhile. */
  trouble(): void {
    const { record, runner, tree } = this.#page;
    if (this.#trouble || record.ended) return;
    runner.turn(() => {
      const text = 'Changes cannot be saved at the moment. They are kept in this window and tried again.';
      this.#trouble = tree.create(
        { node: tree.root, structural: true },
        'notification',
        { text, type: 'warning', timeout: 0 },
        { segment: '~trouble' },
      );
    });
  }

  /** Everything could be kept. */
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

  #show(text: string, type: 'negative' | 'warning'): void {
    const { record, runner, tree } = this.#page;
    if (record.ended) return;
    runner.turn(() => {
      const shown = this.#shown.filter((node) => node.alive);
      while (shown.length >= most) tree.remove(shown.shift() as TreeNode, false);
      const into = { node: tree.root, structural: false };
      shown.push(tree.create(into, 'notification', { text, type, timeout: 10_000 }));
      this.#shown = shown;
    });
  }
}
