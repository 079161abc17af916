import type { Clock } from '../../clock/index.ts';
import type { PageHost, TimerSpec } from '../../elements/index.ts';
import type { State } from '../../reactive/index.ts';
import { journal } from '../../tasks/index.ts';
import type { Slot, Tree, TreeNode } from '../../tree/index.ts';
import type { SessionHost } from '../host.ts';
import type { ReplayView } from '../replay/replay-view.ts';
import type { Answers } from './answers.ts';
import type { Awake } from './awake.ts';
import type { States } from './states.ts';
import type { Timers } from './timers.ts';

/** The parts of a page that its elements reach. */
export interface ElementParts {
  readonly id: string;
  readonly definition: { readonly pattern: string };
  readonly host: Pick<SessionHost, 'development'>;
  readonly clock: Clock;
  readonly tree: Tree;
  readonly states: States;
  readonly timers: Timers;
  readonly answers: Answers;
  readonly awake: Awake;
  readonly build: { fill(node: TreeNode, structural: boolean, filling: Promise<unknown>): void };
  readonly handlers: { readonly replay: ReplayView | undefined };
  readonly notices: { report(error: unknown, node: TreeNode | undefined): void };
  readonly log: { advise(text: string): void };
}

/** The page as elements and the code of the page see it, without the session. */
export class ElementHost implements PageHost {
  readonly #page: ElementParts;

  constructor(page: ElementParts) {
    this.#page = page;
  }

  /** The page's id. */
  get id(): string {
    return this.#page.id;
  }

  /** The pattern under which the page was registered, such as `/report/:id`. */
  get pattern(): string {
    return this.#page.definition.pattern;
  }

  get tree(): Tree {
    return this.#page.tree;
  }

  get development(): boolean {
    return this.#page.host.development;
  }

  state<T>(slot: Slot, initial: T, name: string | undefined): State<T> {
    return this.#page.states.state(slot, initial, name);
  }

  now(): number {
    return recorded('now', () => this.#page.clock.now());
  }

  random(): number {
    return recorded('random', () => this.#page.clock.random());
  }

  following(start: () => () => void): () => void {
    return this.#page.handlers.replay?.following(start) ?? start();
  }

  fill(node: TreeNode, structural: boolean, filling: Promise<unknown>): void {
    this.#page.build.fill(node, structural, filling);
  }

  awaits(node: TreeNode, event: string): boolean {
    return this.#page.answers.awaits(node, event);
  }

  answer(node: TreeNode, event: string, value: unknown): void {
    this.#page.answers.answer(node, event, value);
  }

  holdAwake(node: TreeNode): void {
    this.#page.awake.hold(node);
  }

  timer(node: TreeNode, spec: TimerSpec): void {
    this.#page.timers.add(node, spec);
    if (!node.dynamic) return;
    this.#page.log.advise(
      'A handler created a timer. It keeps the object awake while a browser shows the page, and ends when the server restarts. ' +
        'Create it in the page function, or in ui.each, ui.show or ui.region, so that it survives.',
    );
  }

  timerChanged(node: TreeNode): void {
    this.#page.timers.schedule(node);
  }

  report(error: unknown, node: TreeNode | undefined): void {
    this.#page.notices.report(error, node);
  }

  advise(text: string): void {
    this.#page.log.advise(text);
  }
}

/** A value that differs from call to call, except in the replay of a handler. */
function recorded(sort: 'now' | 'random', make: () => number): number {
  const running = journal.get();
  const step = running?.interrupted ? undefined : running?.step(sort, '');
  const before = step?.before?.outcome;
  const value = before?.ok ? (before.value as number) : make();
  step?.consumed({ ok: true, value });
  return value;
}
