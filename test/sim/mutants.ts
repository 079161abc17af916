import { AsyncContext } from '../../src/context/index.ts';
import type { DownFrame } from '../../src/protocol/index.ts';
import { States } from '../../src/session/page/states.ts';
import { RunJournal } from '../../src/session/replay/journal.ts';
import { MemoryStore, type PageRow } from '../../src/storage/index.ts';
import { type Journal, journal } from '../../src/tasks/index.ts';
import type { Mutant } from './world.ts';

/** Forgets the number of each commit's last event. After a death the check for duplicates then lets one through. */
class ForgetfulStore extends MemoryStore {
  override writePage(row: PageRow): void {
    super.writePage({ ...row, event: Math.max(0, row.event - 1) });
  }
}

/** Reports every third transaction as durable, and loses it. */
class LyingStore extends MemoryStore {
  #count = 0;

  override transaction(fn: () => void): void {
    if (++this.#count % 3 !== 0) super.transaction(fn);
  }
}

/** Loses the first cell of each commit. */
class LeakyStore extends MemoryStore {
  #lost = false;

  override transaction(fn: () => void): void {
    this.#lost = false;
    super.transaction(fn);
  }

  override writeCell(page: string, key: string, value: string): void {
    if (this.#lost) super.writeCell(page, key, value);
    this.#lost = true;
  }
}

/** Replaces a member of an object. @returns a function that restores it. */
function replace(target: object, member: string, broken: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(target, member);
  Object.defineProperty(target, member, { configurable: true, ...broken });
  return () => {
    if (before) Object.defineProperty(target, member, before);
    else Reflect.deleteProperty(target, member);
  };
}

/** Engines with one broken part each. The simulation must find a problem with each. */
export const mutants: readonly Mutant[] = [
  { name: 'a store that forgets the number of the last event', store: () => new ForgetfulStore() },
  { name: 'a store that loses what it said was durable', store: () => new LyingStore() },
  { name: 'a store that keeps a commit in part', store: () => new LeakyStore() },
  {
    name: 'a session without its check for duplicates',
    connected(wire, server) {
      // Starts a hello's numbers at the session's, so that applied events seem new.
      wire.tamper = (direction, text) => {
        if (direction !== 'up' || !text.startsWith('["h"')) return text;
        const hello = JSON.parse(text) as [string, number, string, number, number, [number, ...unknown[]][]];
        const page = [...server.session.pages.values()].find((one) => one.delivery.epoch === hello[3]);
        if (page) hello[5] = hello[5].map(([, ...rest], index) => [page.inbox.event + 1 + index, ...rest]);
        return JSON.stringify(hello);
      };
    },
  },
  {
    name: 'a network that drops a patch without a word',
    connected(wire) {
      // Closes the gap in the numbers, so that the browser cannot notice.
      let dropped = 0;
      wire.tamper = (direction, text) => {
        if (direction !== 'down' || !/^\[\d/.test(text)) return text;
        const frame = JSON.parse(text) as DownFrame;
        const [number, ...ops] = frame as [number, ...unknown[]];
        return number % 7 === 3 && dropped++ === 0 ? JSON.stringify([number]) : JSON.stringify([number, ...ops]);
      };
    },
  },
  {
    name: 'a session that acknowledges before it is asked',
    connected(wire) {
      wire.tamper = (direction, text) => {
        if (direction !== 'down' || !/^\[\d/.test(text)) return text;
        const marks = (JSON.parse(text) as unknown[]).slice(1).filter((op) => typeof op === 'number');
        // Treats every event of a patch as durable.
        return marks.length > 0 ? JSON.stringify(['a', marks[0]]) : text;
      };
    },
  },
  {
    name: 'a session that gives a page up that cannot be built',
    connected(wire) {
      wire.tamper = (direction, text) =>
        direction === 'down' && text.startsWith('["t"') ? '["x","gone","The page could not be built."]' : text;
    },
  },
  {
    name: 'effects that begin in the context of the handler whose timer made them',
    blocks: ['orders', 'durable'],
    patch() {
      const keep = (fn: () => unknown) => fn();
      const run = journal.run.bind(journal);
      const undo = [
        replace(AsyncContext.empty, 'run', { value: keep }),
        replace(journal, 'run', { value: (value: Journal, fn: () => unknown) => (value ? run(value, fn) : fn()) }),
      ];
      return () => {
        for (const mend of undo) mend();
      };
    },
  },
  {
    name: 'a superseded run whose writes reach the page',
    blocks: ['restart'],
    patch: () =>
      replace(RunJournal.prototype, 'isolated', {
        get(this: RunJournal) {
          return this.replaying;
        },
      }),
  },
  {
    name: 'a session that applies a click to whatever is in its place',
    blocks: ['rows', 'list'],
    connected(wire) {
      wire.tamper = (direction, text) => {
        if (direction !== 'up' || !text.startsWith('[')) return text;
        const frame = JSON.parse(text) as unknown[];
        // The target of an event is a node, or a node and what its user saw of it.
        const blind = ([number, target, ...rest]: unknown[]) => [
          number,
          Array.isArray(target) ? target[0] : target,
          ...rest,
        ];
        if (frame[0] === 'h') return JSON.stringify([...frame.slice(0, 5), (frame[5] as unknown[][]).map(blind)]);
        return JSON.stringify(typeof frame[0] === 'number' ? blind(frame) : frame);
      };
    },
  },
  {
    name: 'a deploy after which states are told apart by their count alone',
    blocks: ['shift'],
    patch: () => replace(States.prototype, 'reconcile', { value: () => [] }),
  },
];
