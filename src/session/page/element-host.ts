import type { Clock } from '../../clock/index.ts';
import type { Items, ItemsSource } from '../../collection/index.ts';
import {
  type PageFiles,
  type PageHost,
  PageLocation,
  PageVisitor,
  pageHost,
  type TimerSpec,
} from '../../elements/index.ts';
import type { Files } from '../../files/index.ts';
import { type State, unrecorded, untracked } from '../../reactive/index.ts';
import { journal } from '../../tasks/index.ts';
import type { Slot, Tree, TreeNode } from '../../tree/index.ts';
import type { SessionHost } from '../host.ts';
import type { ReplayView } from '../replay/replay-view.ts';
import type { Visitor } from '../visitor.ts';
import type { Answers } from './answers.ts';
import type { Awake } from './awake.ts';
import type { InPlaceChanges } from './in-place.ts';
import { RecordedHeaders, recordRead } from './recorded-headers.ts';
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
  readonly request: { readonly path: string };
  readonly visitor: Pick<Visitor, 'headers' | 'timeZone'> | undefined;
  readonly build: {
    fill(node: TreeNode, structural: boolean, filling: Promise<unknown>): void;
    fillSubPage(filling: Promise<unknown>): void;
    readonly returning: boolean;
    readonly failed: (readonly [error: unknown, node: TreeNode | undefined])[];
  };
  readonly handlers: { readonly replay: ReplayView | undefined; replacedJobs(jobs: readonly string[]): void };
  readonly notices: { report(error: unknown, node: TreeNode | undefined): void };
  readonly record: { readonly retired: boolean };
  readonly log: { advise(text: string): void };
  readonly inPlace: InPlaceChanges | undefined;
  readonly owner: { readonly files: Files };
}

/** The page as elements and the code of the page see it, without the session. */
export class ElementHost implements PageHost {
  readonly #page: ElementParts;
  #files: PageFiles | undefined;
  #visitor: PageVisitor | undefined;
  #location: PageLocation | undefined;

  constructor(page: ElementParts) {
    this.#page = page;
  }

  get files(): PageFiles {
    const page = this.#page;
    this.#files ??= {
      offer: (node, offered) => page.owner.files.offer(page.id, node.key, offered),
      withdraw: (node, key) => page.owner.files.withdraw(page.id, node.key, key),
      make: (content, given) => page.owner.files.make(page.id, content, given),
    };
    return this.#files;
  }

  get visitor(): PageVisitor {
    this.#visitor ??= new PageVisitor(this);
    return this.#visitor;
  }

  /** The page of a session whose code runs. */
  static get current(): ElementHost | undefined {
    const page = pageHost.get();
    return page instanceof ElementHost ? page : undefined;
  }

  /** The page's id. */
  get id(): string {
    return this.#page.id;
  }

  /** The pattern under which the page was registered, such as `/report/:id`. */
  get pattern(): string {
    return this.#page.definition.pattern;
  }

  /** True once another version of the application has built the page in its place. */
  get retired(): boolean {
    return this.#page.record.retired;
  }

  get tree(): Tree {
    return this.#page.tree;
  }

  get development(): boolean {
    return this.#page.host.development;
  }

  state<T>(slot: Slot, initial: T, name: string | undefined, variable?: string): State<T> {
    return this.#page.states.state(slot, initial, name, variable);
  }

  list(slot: Slot, initial: () => Items, name: string | undefined, variable?: string): ItemsSource {
    return this.#page.states.list(slot, initial, name, variable);
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

  fillSubPage(filling: Promise<unknown>): void {
    this.#page.build.fillSubPage(filling);
  }

  get headers(): Headers {
    return new RecordedHeaders(this.#page.visitor?.headers.map(([name, value]): [string, string] => [name, value]));
  }

  get timeZone(): string | undefined {
    return recordRead('timeZone', () => this.#page.visitor?.timeZone);
  }

  get location(): PageLocation {
    const { tree, definition, request, states } = this.#page;
    this.#location ??= new PageLocation(tree, definition.pattern, request.path, () =>
      states.state({ node: tree.root, structural: true }, request.path, '~location'),
    );
    return this.#location;
  }

  awaits(node: TreeNode, event: string): boolean {
    return this.#page.answers.awaits(node, event);
  }

  answer(node: TreeNode, event: string, value: unknown): void {
    this.#page.answers.answer(node, event, value);
  }

  holdAwake(node: TreeNode, what: string): () => void {
    return this.#page.awake.hold(node, what);
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

  /** Another start has replaced these jobs. */
  replacedJobs(jobs: readonly string[]): void {
    this.#page.handlers.replacedJobs(jobs);
  }

  get returning(): boolean {
    return this.#page.build.returning;
  }

  report(error: unknown, node: TreeNode | undefined): void {
    const { build, notices } = this.#page;
    if (build.returning) build.failed.push([error, node]);
    else notices.report(error, node);
  }

  advise(text: string): void {
    this.#page.log.advise(text);
  }

  readNothing(what: string, first: unknown, compute: () => unknown): (() => void) | undefined {
    const now = () => pageHost.run(this, () => untracked(() => unrecorded(compute)));
    return this.#page.inPlace?.readNothing(what, first, now);
  }
}

/** A value that differs from call to call, except in the replay of a handler. */
function recorded(type: 'now' | 'random', make: () => number): number {
  const running = journal.get();
  const step = running?.interrupted ? undefined : running?.step(type, '');
  const before = step?.before?.outcome;
  const value = before?.ok ? (before.value as number) : make();
  step?.consumed({ ok: true, value });
  return value;
}
