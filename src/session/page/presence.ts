import type { Clock } from '../../clock/index.ts';
import { connectEvent, disconnectEvent } from '../../elements/index.ts';
import { parked } from '../../storage/index.ts';
import type { Tree } from '../../tree/index.ts';

/** The key of the due row of a page whose author hears of its browsers: parked while one is there, a time once it has left. */
export const presenceDue = 'presence';
/** Milliseconds after which a browser that left counts as gone: a reload and a lost network are no departures. */
export const presencePatience = 5_000;

/** The parts of a page that its presence knows. */
export interface PresenceHost {
  readonly clock: Clock;
  readonly tree: Tree;
  readonly build: { readonly ready: boolean };
  readonly delivery: { readonly watched: boolean };
  readonly handlers: {
    /** Runs all listeners of the page itself for an event that no browser sends. */
    announce(event: string): void;
  };
  readonly due: {
    at(key: string): number | undefined;
    set(key: string, at: number | undefined): void;
  };
}

/**
 * Tells the author of a page when a browser begins to show it and when none does any more. The row makes it durable: a restart in
 * between tells neither twice.
 *
 * ```
 *   no row ──browser──► connect, parked ──left──► due in 5 s ──► disconnect, no row
 *                            ▲                       │
 *                            └────────browser────────┘
 * ```
 */
export class Presence {
  readonly #page: PresenceHost;

  constructor(page: PresenceHost) {
    this.#page = page;
  }

  /** Call it when the page is built, and when it gets or loses its browser. */
  changed(): void {
    const { tree, build, delivery, due, clock, handlers } = this.#page;
    const { listeners } = tree.root;
    if (!build.ready || !(listeners?.has(connectEvent) || listeners?.has(disconnectEvent))) return;
    const at = due.at(presenceDue);
    if (delivery.watched) {
      if (at !== parked) due.set(presenceDue, parked);
      if (at === undefined) handlers.announce(connectEvent);
    } else if (at === parked) {
      due.set(presenceDue, clock.now() + presencePatience);
    }
  }

  /** Serves the due row. Returns false for another one. */
  dueNow(key: string): boolean {
    if (key !== presenceDue) return false;
    const { delivery, due, handlers } = this.#page;
    due.set(presenceDue, delivery.watched ? parked : undefined);
    if (!delivery.watched) handlers.announce(disconnectEvent);
    return true;
  }
}
