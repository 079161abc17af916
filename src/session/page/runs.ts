import type { Key, WhileRunning } from '../../tree/index.ts';

/** The most open runs of a page. More would only pile up, because their waits fall behind. */
const mostOpen = 500;
/** Triggers that wait in the line of one listener. */
const mostWaiting = 1_000;

/**
 * The identity of a listener: the element's key, the event, and its index among the event's
 * listeners. Objects would not do, because a handler that changes its own item gets a rebuilt
 * element with another listener.
 */
export interface RunPlace {
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
}

/** One run of a handler that has not ended yet. */
export interface HandlerRun {
  readonly place: RunPlace;
  /** True once a newer run took its place. A plain flag: an AbortController for each click would be a tenth of its cost. */
  superseded: boolean;
  /** Called when a newer run supersedes this one. */
  onSuperseded?: () => void;
}

interface Waiting {
  readonly place: RunPlace;
  readonly start: () => void;
}

/** The open runs of a page's handlers, and what a second trigger does to them. */
export class Runs {
  readonly #open = new Map<Key, Set<HandlerRun>>();
  readonly #waiting = new Map<Key, Waiting[]>();
  readonly #busy: (node: Key, busy: boolean) => void;
  #count = 0;

  /** @param busy called when an element's first run opens and when its last one ends. */
  constructor(busy: (node: Key, busy: boolean) => void) {
    this.#busy = busy;
  }

  /** Number of open runs. */
  get count(): number {
    return this.#count;
  }

  /** The runs that are not superseded, by the key of their element. */
  get open(): ReadonlyMap<Key, unknown> {
    return this.#open;
  }

  /**
   * Starts a run, as far as the policy lets it.
   *
   * @param start runs the handler; it reports its own errors and never throws or rejects.
   * @param superseded true for a run whose place a newer one took before a restart: no other run
   * waits for it.
   */
  start(
    place: RunPlace,
    policy: WhileRunning,
    start: (run: HandlerRun) => unknown,
    superseded = false,
  ): 'started' | 'ignored' | 'waiting' | 'refused' {
    const same = policy === 'parallel' ? [] : this.#openAt(place);
    if (same.length > 0) {
      if (policy === 'ignore') return 'ignored';
      if (policy === 'queue') return this.#wait(place, () => this.start(place, policy, start));
    }
    if (this.#count >= mostOpen) return 'refused';
    for (const run of same) this.#supersede(run);
    const run: HandlerRun = { place, superseded };
    const result = start(run);
    if (!(result instanceof Promise)) {
      // Because the superseded run may have been the last one.
      if (same.length > 0) this.#settled(place.node);
      return 'started';
    }
    this.#count++;
    if (!run.superseded) this.#add(run);
    void result.then(() => {
      this.#count--;
      this.#remove(run);
      this.#settled(place.node);
      this.#next(place);
    });
    return 'started';
  }

  /** Supersedes one run. */
  supersede(place: RunPlace): void {
    for (const run of this.#openAt(place)) if (run.place === place) this.#supersede(run);
  }

  #openAt(place: RunPlace): HandlerRun[] {
    const open = this.#open.get(place.node);
    return open ? [...open].filter((run) => isSamePlace(run.place, place)) : [];
  }

  #wait(place: RunPlace, start: () => void): 'waiting' | 'refused' {
    const waiting = this.#waiting.get(place.node) ?? [];
    if (waiting.filter((each) => isSamePlace(each.place, place)).length >= mostWaiting) return 'refused';
    waiting.push({ place, start });
    this.#waiting.set(place.node, waiting);
    return 'waiting';
  }

  #supersede(run: HandlerRun): void {
    run.superseded = true;
    this.#remove(run);
    run.onSuperseded?.();
  }

  #add(run: HandlerRun): void {
    const { node } = run.place;
    const open = this.#open.get(node);
    if (open) open.add(run);
    else {
      this.#open.set(node, new Set([run]));
      this.#busy(node, true);
    }
  }

  #remove(run: HandlerRun): void {
    this.#open.get(run.place.node)?.delete(run);
  }

  /** The element is busy no more when its last run has ended. */
  #settled(node: Key): void {
    if (this.#open.get(node)?.size !== 0) return;
    this.#open.delete(node);
    this.#busy(node, false);
  }

  /** A run has ended: the triggers that waited have their turn, up to the first one whose run stays open. */
  #next(place: RunPlace): void {
    const waiting = this.#waiting.get(place.node);
    while (waiting && this.#openAt(place).length === 0) {
      const next = waiting.findIndex((each) => isSamePlace(each.place, place));
      if (next < 0) break;
      waiting.splice(next, 1)[0]?.start();
    }
    if (waiting?.length === 0) this.#waiting.delete(place.node);
  }
}

export function isSamePlace(one: RunPlace, other: RunPlace): boolean {
  return one.node === other.node && one.event === other.event && one.listener === other.listener;
}
