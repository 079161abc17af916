import type { Clock } from '../clock/index.ts';
import type { SettledResult } from '../rpc/index.ts';
import { decode, encode, type Store } from '../storage/index.ts';
import { eventChannel } from '../tasks/index.ts';

/** The page id under which the store holds undelivered events. */
const rows = 'events';

/** Milliseconds for which an undelivered event is stored. */
const lifetime = 7 * 24 * 3_600_000;

/** The most undelivered events of a session; the oldest are dropped. */
const most = 100;

interface Early {
  /** The number of the event. */
  readonly id: number;
  readonly channel: string;
  readonly at: number;
  /** The encoded value. */
  readonly text: string;
}

export interface EventsHost {
  readonly clock: Clock;
  readonly store: Store;
  /** Called when a change waits for the next commit. */
  commit(): void;
  log(message: string): void;
}

/**
 * The events of `app.send` that no handler awaited when they came. Each is stored for the first
 * handler that awaits it.
 */
export class Events {
  readonly #host: EventsHost;
  #early: Early[] | undefined;
  readonly #changed = new Map<number, Early | undefined>();

  constructor(host: EventsHost) {
    this.#host = host;
  }

  /** True when a change waits for the next commit. */
  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  /** The number of stored events. */
  get count(): number {
    return this.#load().length;
  }

  add(name: string, text: string): void {
    const early = this.#load();
    const event = { id: (early.at(-1)?.id ?? 0) + 1, channel: eventChannel(name), at: this.#host.clock.now(), text };
    early.push(event);
    this.#changed.set(event.id, event);
    if (early.length > most) {
      const [oldest] = early;
      if (oldest) this.#drop(oldest);
      this.#host.log(
        `Dropped an event: a session stores at most ${most} events that no handler awaits. Await them sooner, or send fewer.`,
      );
    }
    this.#host.commit();
  }

  /** Takes the oldest event of a channel. */
  take(channel: string): SettledResult | undefined {
    if (!channel.startsWith('.')) return undefined;
    const event = this.#load().find((each) => each.channel === channel);
    if (!event) return undefined;
    this.#drop(event);
    this.#host.commit();
    return { ok: true, value: decode(event.text) };
  }

  /** Drops the events that no handler took in time. */
  expire(): void {
    const now = this.#host.clock.now();
    for (const event of [...this.#load()]) if (event.at + lifetime <= now) this.#drop(event);
  }

  /** Writes the changes into the running transaction. */
  persist(store: Store): void {
    if (this.#changed.size === 0) return;
    for (const [id, event] of this.#changed) {
      if (event) store.writeCell(rows, String(id), encode([event.channel, event.at, event.text], 'An event'));
      else store.deleteCell(rows, String(id));
    }
    const [oldest] = this.#load();
    const next = oldest && oldest.at + lifetime;
    if (next === undefined) store.deleteDue('', rows);
    else store.writeDue({ page: '', key: rows, at: next });
  }

  persisted(): void {
    this.#changed.clear();
  }

  #drop(event: Early): void {
    const early = this.#load();
    early.splice(early.indexOf(event), 1);
    this.#changed.set(event.id, undefined);
  }

  #load(): Early[] {
    this.#early ??= this.#host.store
      .cells(rows)
      .map(({ key, value }) => {
        const [channel, at, text] = decode(value) as [string, number, string];
        return { id: Number(key), channel, at, text };
      })
      .sort((a, b) => a.id - b.id);
    return this.#early;
  }
}
