// What the platform bills, counted exactly: the real session on the virtual clock of the testing kit, without a network,
// a disk or a processor that could vary.

import { Session } from '../../src/session/index.ts';
import { computeService, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

export interface Count {
  /** Messages of the browser that reached the session, without heartbeats. */
  readonly messages: number;
  readonly rows: number;
  readonly alarms: number;
  /** Milliseconds for which the object could not hibernate. */
  readonly awake: number;
  /** Bytes of the frames in both directions. */
  readonly bytes: number;
}

/** What is to be counted on a page. */
export interface Case {
  readonly page: () => unknown;
  readonly tasks?: Record<string, (...args: never[]) => unknown>;
  /** Brings the page to where the count begins. @default nothing */
  readonly before?: (user: User) => unknown;
  readonly act: (user: User) => unknown;
  /** Milliseconds of the virtual clock that are counted. @default 10,000 */
  readonly span?: number;
}

/** Counts from an idle page, which has been at rest for a minute, until the span is over. */
export async function count({ page, tasks = {}, before, act, span = 10_000 }: Case): Promise<Count> {
  const clock = new VirtualClock();
  const server = new TestServer({
    clock,
    pages: { '/': page },
    services: { COMPUTE: computeService(tasks, clock) },
    development: false,
  });
  const user = await User.open(server, clock, '/');
  let alarms = 0;
  const { alarm } = Session.prototype;
  Session.prototype.alarm = function (this: Session) {
    alarms++;
    return alarm.call(this);
  };
  try {
    await before?.(user);
    await user.advance('1m');
    const sum = (of: 'sent' | 'received') => server.connections.flatMap((wire) => wire[of]);
    const start = { rows: server.store.written, sent: sum('sent').length, received: sum('received').length };
    alarms = 0;
    await act(user);
    let awake = 0;
    for (let passed = 0; passed < span; ) {
      // A page at rest is looked at in longer steps, because only its own timers could wake it.
      const step = server.whyAwake().length > 0 ? 1 : Math.min(20, span - passed);
      if (server.whyAwake().length > 0) awake += step;
      await user.advance(step);
      passed += step;
    }
    const received = sum('received').slice(start.received);
    const texts = [...received, ...sum('sent').slice(start.sent)];
    return {
      messages: received.length,
      rows: server.store.written - start.rows,
      alarms,
      awake,
      bytes: texts.reduce((total, text) => total + Buffer.byteLength(text), 0),
    };
  } finally {
    Session.prototype.alarm = alarm;
    server.stop();
  }
}
