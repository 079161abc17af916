import { AsyncContext } from '../../src/context/index.ts';
import type { DownFrame } from '../../src/protocol/index.ts';
import { Awake } from '../../src/session/page/awake.ts';
import { CellValues } from '../../src/session/page/cell-values.ts';
import { Commands } from '../../src/session/page/commands.ts';
import { Handlers } from '../../src/session/page/handlers.ts';
import { States } from '../../src/session/page/states.ts';
import { RunJournal } from '../../src/session/replay/journal.ts';
import { ReplayOverlay } from '../../src/session/replay/overlay.ts';
import { Delivery } from '../../src/session/sync/delivery.ts';
import { MemoryStore, type PageRow } from '../../src/storage/index.ts';
import { IoCall } from '../../src/tasks/host.ts';
import { type Journal, journal, type StepType } from '../../src/tasks/index.ts';
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

/** Tells no session that its sockets' copies of rows are out of date. */
class SilentStore extends MemoryStore {
  constructor() {
    super();
    Object.defineProperty(this, 'outdated', { get: () => undefined, set: () => {} });
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

/** Has these calls of handlers leave at once. */
function withStored(atOnce: (type: StepType, passing: boolean) => boolean): () => void {
  const { step } = RunJournal.prototype;
  return replace(RunJournal.prototype, 'step', {
    value(this: RunJournal, ...call: Parameters<typeof step>) {
      const made = step.apply(this, call);
      return made && atOnce(call[0], call[4] === true) ? { ...made, stored: () => undefined } : made;
    },
  });
}

/** Engines with one broken part each. The simulation must find a problem with each. */
export const mutants: readonly Mutant[] = [
  { name: 'a store that forgets the number of the last event', store: () => new ForgetfulStore() },
  { name: 'a store that loses what it said was durable', store: () => new LyingStore() },
  { name: 'a store that keeps a commit in part', store: () => new LeakyStore() },
  { name: 'sockets that keep copies of rows after a write', store: () => new SilentStore() },
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
    name: 'a session that forgets what changes between a document and its hello',
    blocks: ['early'],
    patch: () =>
      replace(Delivery.prototype, 'painted', {
        value(this: Delivery) {
          this.flush();
        },
      }),
  },
  {
    name: 'a session that sends a command before it is durable',
    blocks: ['commands', 'count'],
    patch() {
      const { give } = Commands.prototype;
      return replace(Commands.prototype, 'give', {
        value(this: Commands, ...command: Parameters<typeof give>) {
          give.apply(this, command);
          this.committed();
        },
      });
    },
  },
  {
    name: 'a session that forgets a command once it is sent',
    blocks: ['commands'],
    patch() {
      const { take } = Commands.prototype;
      return replace(Commands.prototype, 'take', {
        value(this: Commands) {
          const ops = take.call(this);
          for (const [, number] of ops) this.done(number);
          return ops;
        },
      });
    },
  },
  {
    name: 'a session that does not hear that a command has begun',
    blocks: ['commands'],
    patch: () => replace(Commands.prototype, 'done', { value() {} }),
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
      const plain = (fn: () => unknown) => fn();
      const run = journal.run.bind(journal);
      const undo = [
        replace(AsyncContext.empty, 'run', { value: plain }),
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
    name: 'a superseded run whose open cleanup call is cancelled with it',
    blocks: ['restart'],
    patch: () => replace(IoCall.prototype, 'endsEarly', { get: () => true }),
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
  {
    name: 'a journal that stores what a call returned by reference, and makes its text when the next call comes',
    blocks: ['inPlace'],
    patch() {
      const { step, save } = RunJournal.prototype;
      const waiting = new Map<RunJournal, () => unknown>();
      const settle = (run: RunJournal) => {
        waiting.get(run)?.();
        waiting.delete(run);
      };
      const undo = [
        replace(RunJournal.prototype, 'step', {
          value(this: RunJournal, ...call: Parameters<typeof step>) {
            settle(this);
            const made = step.apply(this, call);
            if (!made || this.replaying || made.before) return made;
            const consumed: typeof made.consumed = (outcome, persisted) => {
              waiting.set(this, () => made.consumed(outcome, persisted));
              return outcome;
            };
            return { ...made, consumed };
          },
        }),
        replace(RunJournal.prototype, 'save', {
          value(this: RunJournal) {
            settle(this);
            return save.call(this);
          },
        }),
      ];
      return () => {
        for (const mend of undo) mend();
      };
    },
  },
  {
    name: 'a call of run.ioBound that leaves before the results of passing calls before it are durable',
    blocks: ['passing'],
    patch: () => withStored((type) => type === 'io'),
  },
  {
    name: 'a passing call that leaves before the result of another call before it is durable',
    blocks: ['passing'],
    patch: () => withStored((_type, passing) => passing),
  },
  {
    name: 'a replay that changes in place what the page has',
    blocks: ['inPlace', 'held'],
    patch() {
      const { revive } = ReplayOverlay.prototype;
      const { live } = CellValues.prototype;
      const shown = new Map<string | undefined, unknown>();
      const undo = [
        replace(CellValues.prototype, 'live', {
          value(this: CellValues, cell: string) {
            const found = live.call(this, cell);
            if (found) shown.set(found.text(), found.value);
            return found;
          },
        }),
        replace(ReplayOverlay.prototype, 'revive', {
          value(this: ReplayOverlay, text: string, last: unknown) {
            return shown.get(text) ?? revive.call(this, text, last);
          },
        }),
      ];
      return () => {
        for (const mend of undo) mend();
      };
    },
  },
  {
    name: 'a page that does not take over the objects that a replayed handler has',
    blocks: ['held'],
    patch: () => replace(ReplayOverlay.prototype, 'handOver', { value: () => false }),
  },
  {
    name: 'a page whose parts have other objects than its states when a replay has ended',
    blocks: ['held'],
    patch: () => replace(Handlers.prototype, 'renew', { value() {} }),
  },
  {
    name: 'a handler that takes over the objects of another one',
    blocks: ['held'],
    patch: () => replace(Handlers.prototype, 'claim', { value: () => true }),
  },
  {
    name: 'a read that is recorded as it was stored, although another handler has changed it in place',
    blocks: ['held'],
    patch: () => replace(Handlers.prototype, 'isHeld', { value: () => false }),
  },
  {
    name: 'a handler that continues with the part that took the place of its own',
    blocks: ['removed'],
    patch: () => replace(Handlers.prototype, 'removed', { value() {} }),
  },
  {
    name: 'a first value that is recorded after a handler has changed it in place',
    blocks: ['held'],
    patch: () => replace(States.prototype, 'settle', { value() {} }),
  },
  {
    name: 'an object that is woken for handlers that wait, again and again',
    blocks: ['waits', 'asked'],
    patch: () => replace(Handlers.prototype, 'rested', { value() {} }),
  },
  {
    name: 'an object that sleeps while a watched handler awaits something else than run',
    blocks: ['slow'],
    patch: () => replace(Awake.prototype, 'reasons', { get: () => [] }),
  },
];
