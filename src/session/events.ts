import type { Clock } from '../clock/index.ts';
import type { SettledResult } from '../rpc/index.ts';
import { decode, encode, type Store } from '../storage/index.ts';
import { eventChannel } from '../tasks/index.ts';

/** The pseudo page under which events are kept that nobody waited for. */
const rows = 'events';

/** Milliseconds that such an event is kept. */
const lifetime = 7 * 24 * 3_600_000;

/** Such events of a session; the oldest give way. */
const most = 100;

interface Early {
  /** Counts them. */
  readonly id: number;
  readonly channel: string;
  readonly at: number;
  /** The encoded value. */
  readonly text: string;
}

export interface EventsHost {
  readonly clock: Clock;
  readonly store: Store;
  /** Something waits to be committed. */
  commit(): void;
  log(message: string): void;
}

/** Events of `app.send` that no handler waited for when they came: each is kept for the first one that does. */
export class Events {
  readonly #host: EventsHost;
  #early: Early[] | undefined;
  readonly #changed = new Map<number, Early | undefined>();

  constructor(host: EventsHost) {
    this.#host = host;
  }

  /** True when something waits to be committed. */
  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  /** Number of events that are kept. */
  get count(): number {
    return this.#load().length;
  }

  keep(name: string, text: string): void {
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

  /** Drops what nobody has taken in time. */
  expire(): void {
    const now = this.#host.clock.now();
    for (const event of [...this.#load()]) if (event.at + lifetime <= now) this.#drop(event);
  }

  /** Writes what waits into the running transaction. */
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
