import { describe, expect, test } from 'vitest';
import { ui } from '../../src/index.ts';
import { type DownFrame, limits, type Paint, pendingEvents, protocolVersion } from '../../src/protocol/index.ts';
import { TestServer, User, VirtualClock, type Wire } from '../../src/testing/index.ts';

/** Characters of the page of these tests. */
const size = 100_000;

function world() {
  const clock = new VirtualClock();
  const clicks = { count: 0 };
  const pages = {
    '/': () => {
      ui.label('x'.repeat(size));
      ui.button('Click', () => void clicks.count++);
      const text = ui.label('');
      ui.button('Change', () => {
        text.text = `${clicks.count++}`.padEnd(size, 'y');
      });
    },
  };
  const server = new TestServer({ clock, pages });
  return { clock, server, clicks };
}

/** A client of an attacker: it says what it likes, and reads nothing unless told to. */
class Raw {
  readonly received: DownFrame[] = [];
  readonly wire: Wire;
  closed = false;

  constructor(server: TestServer, page: string) {
    this.wire = server.connect({ page, fork: false }, '/', {
      opened: () => {},
      message: (data) => void this.received.push(JSON.parse(String(data)) as DownFrame),
      closed: () => {
        this.closed = true;
      },
    });
  }

  send(frame: unknown): void {
    this.wire.browser.send(JSON.stringify(frame));
  }

  hello(events: unknown[] = []): void {
    this.send(['h', protocolVersion, '', 0, 0, events]);
  }

  /** Bytes that the session has sent to it. */
  get bytes(): number {
    return this.wire.sent.reduce((sum, text) => sum + text.length, 0);
  }

  get ended(): unknown {
    return this.wire.sent.map((text) => JSON.parse(text) as unknown[]).find(([kind]) => kind === 'x')?.[1];
  }
}

async function attack() {
  const all = world();
  const { page } = (await all.server.open('/')) as Paint;
  const sockets: Raw[] = [];
  const connect = async () => {
    const raw = new Raw(all.server, page);
    sockets.push(raw);
    await all.clock.advance(2);
    return raw;
  };
  const bytes = () => sockets.reduce((sum, raw) => sum + raw.bytes, 0);
  return { ...all, page, connect, bytes, sockets };
}

describe('a hello', () => {
  test('is answered with one page, however often it is said without an acknowledgement', async () => {
    const { clock, connect, bytes } = await attack();
    const raw = await connect();
    for (let hello = 0; hello < 50; hello++) raw.hello();
    await clock.advance(1_000);
    expect(bytes()).toBeGreaterThan(size);
    expect(bytes()).toBeLessThan(2 * size);
  });

  test('on a socket of its own each time has the same bound', async () => {
    const { clock, connect, bytes } = await attack();
    for (let hello = 0; hello < 50; hello++) (await connect()).hello();
    await clock.advance(1_000);
    expect(bytes()).toBeLessThan(2 * size);
  });

  test('is answered again as soon as the last snapshot is acknowledged', async () => {
    const { clock, connect } = await attack();
    const raw = await connect();
    for (let turn = 1; turn <= 3; turn++) {
      raw.hello();
      await clock.advance(10);
      const snapshots = raw.received.filter(([kind]) => kind === 's');
      expect(snapshots).toHaveLength(turn);
      raw.send(['a', snapshots.at(-1)?.[3]]);
      await clock.advance(10);
    }
  });

  test('is answered after a pause when the last snapshot got lost', async () => {
    const { clock, connect } = await attack();
    (await connect()).hello();
    await clock.advance(10);
    const second = await connect();
    second.hello();
    await clock.advance(limits.snapshotPause + 10);
    expect(second.received.map(([kind]) => kind)).toEqual(['s']);
  });

  test('is answered after that pause also when the clock was put back meanwhile', async () => {
    const { clock, connect } = await attack();
    (await connect()).hello();
    await clock.advance(10);
    clock.skew(-3_600_000);
    const second = await connect();
    second.hello();
    await clock.advance(limits.snapshotPause + 10);
    expect(second.received.map(([kind]) => kind)).toEqual(['s']);
  });

  test('does not bring more than the rate of the session, whoever asks and for how long', async () => {
    const { clock, server, bytes, sockets } = await attack();
    const pages: string[] = [];
    for (let page = 0; page < 20; page++) pages.push(((await server.open('/')) as Paint).page);
    const seconds = 60;
    for (let second = 0; second < seconds; second++) {
      for (const page of pages) {
        const raw = new Raw(server, page);
        sockets.push(raw);
        await clock.advance(2);
        raw.hello();
        await clock.advance(2);
        raw.send(['a', raw.received.find(([kind]) => kind === 's')?.[3] ?? 0]);
        raw.wire.browser.close();
      }
      await clock.advance(1_000 - 4 * pages.length);
    }
    expect(bytes()).toBeGreaterThan(limits.welcomeBurst / 2);
    expect(bytes()).toBeLessThan(limits.welcomeBurst + (seconds + 1) * limits.welcomeBytesPerSecond + 2 * size);
  });

  test('waits while what the session has sent is not read, also by sockets that were ended', async () => {
    const { clock, server, sockets } = await attack();
    const pages: string[] = [];
    for (let page = 0; page < 20; page++) pages.push(((await server.open('/')) as Paint).page);
    for (let count = 0; count < 240; count++) {
      const raw = new Raw(server, pages[count % pages.length] as string);
      raw.wire.hold('down');
      sockets.push(raw);
      await clock.advance(2);
      raw.hello();
      await clock.advance(400);
    }
    expect(server.session.traffic.inFlight).toBeGreaterThan(limits.sessionInFlight);
    expect(server.session.traffic.inFlight).toBeLessThan(limits.sessionInFlight + 2 * size);
    for (const raw of sockets) raw.wire.browser.close();
    await clock.advance(10_000);
    expect(server.session.traffic.inFlight).toBe(0);
  });

  test('of an honest browser that comes back is answered at once', async () => {
    const { clock, server } = world();
    const user = await User.open(server, clock, '/');
    for (let time = 0; time < 10; time++) {
      await user.advance('5s');
      server.kill();
      await user.advance('1s');
      expect(user.browser.link.status.state).toBe('live');
    }
    user.close();
  });

  test('of a hundred tabs that come back together is answered within seconds', async () => {
    const { clock, server } = world();
    const users = [await User.open(server, clock, '/')];
    while (users.length < limits.pages) users.push(await (users[0] as User).tab());
    await clock.advance(10_000);
    server.kill();
    await clock.advance(15_000);
    expect(users.filter((user) => user.browser.link.status.state === 'live')).toHaveLength(limits.pages);
    expect(users.flatMap((user) => user.browser.ended)).toEqual([]);
  });
});

describe('the frames of a session', () => {
  const kinds: [string, (number: number) => unknown][] = [
    ['events', (number) => [number, 999, 'click']],
    ['events that were applied before', () => [1, 999, 'click']],
    ['acknowledgements', () => ['a', 0]],
    ['hellos', () => ['h', protocolVersion, '', 0, 0, []]],
  ];

  test.each(kinds)('are limited when they are %s', async (_, frame) => {
    const { clock, connect } = await attack();
    const raw = await connect();
    raw.hello();
    await clock.advance(10);
    for (let number = 1; number <= limits.frameBurst + 10; number++) raw.send(frame(number));
    await clock.advance(100);
    expect(raw.ended).toBe('refused');
  });

  test('are limited by their size as well', async () => {
    const { clock, connect } = await attack();
    const raw = await connect();
    raw.hello();
    await clock.advance(10);
    const text = 'x'.repeat(limits.upFrame - 100);
    for (let number = 1; number <= limits.byteBurst / limits.upFrame + 2; number++)
      raw.send([number, 999, 'value', text]);
    await clock.advance(100);
    expect(raw.ended).toBe('refused');
  });

  test('do not begin anew with a new socket', async () => {
    const { clock, connect, clicks, page, server } = await attack();
    const { tree } = server.session.pages.get(page) as {
      tree: { root: { children: readonly { kind: string; id: number }[] } };
    };
    const id = tree.root.children.find((node) => node.kind === 'button')?.id ?? 0;
    let event = 0;
    const seconds = 10;
    const until = clock.now() + seconds * 1_000;
    while (clock.now() < until) {
      const raw = await connect();
      raw.hello();
      await clock.advance(5);
      for (let count = 0; count < 500; count++) raw.send([event + count + 1, id, 'click']);
      await clock.advance(5);
      event = clicks.count;
      raw.wire.browser.close();
    }
    expect(clicks.count).toBeLessThanOrEqual(limits.frameBurst + (seconds + 1) * limits.framesPerSecond);
  });

  test('of one session do not limit another', async () => {
    const { connect } = await attack();
    const raw = await connect();
    for (let number = 0; number < 3_000; number++) raw.send(['a', 0]);
    const other = world();
    const user = await User.open(other.server, other.clock, '/');
    user.find('Click').click();
    await user.advance('1s');
    expect(other.clicks.count).toBe(1);
    user.close();
  });

  test('that are too many do no harm to an event that was accepted: each is applied once', async () => {
    const { clock, server, clicks } = world();
    const user = await User.open(server, clock, '/');
    for (let click = 0; click < pendingEvents; click++) user.find('Click').click();
    await user.advance('30s');
    for (let click = 0; click < pendingEvents; click++) user.find('Click').click();
    await user.advance('60s');
    expect(clicks.count).toBe(2 * pendingEvents);
    expect(user.browser.link.pending).toEqual([]);
    user.close();
  });
});

describe('a socket that says nothing', () => {
  test('is ended after ten seconds', async () => {
    const { clock, connect } = await attack();
    const raw = await connect();
    await clock.advance(limits.helloTimeout - 100);
    expect(raw.closed).toBe(false);
    await clock.advance(200);
    expect(raw.closed).toBe(true);
  });

  test('is told from one that has said hello', async () => {
    const { clock, server } = world();
    const user = await User.open(server, clock, '/');
    await user.advance('1h');
    expect(server.connections).toHaveLength(1);
    expect(server.whyAwake()).toEqual([]);
    user.close();
  });

  test('gives way to newer ones above the cap', async () => {
    const { connect, sockets } = await attack();
    for (let count = 0; count < limits.silentSockets + 5; count++) await connect();
    const open = sockets.filter((raw) => !raw.closed);
    expect(open).toHaveLength(limits.silentSockets);
    expect(sockets.slice(0, 5).every((raw) => raw.closed)).toBe(true);
  });

  test('keeps its object awake no longer than that', async () => {
    const { clock, server, connect } = await attack();
    await connect();
    expect(server.whyAwake().join()).toContain('not said hello');
    await clock.advance(limits.helloTimeout + 1_000);
    expect(server.whyAwake()).toEqual([]);
  });
});

test('a session has a cap of sockets, also when their browsers do not answer that they were ended', async () => {
  const { clock, server, sockets } = await attack();
  for (let count = 0; count < limits.sockets + 20; count++) {
    const raw = new Raw(server, 'a'.repeat(32));
    raw.wire.hold('down');
    sockets.push(raw);
    await clock.advance(2);
  }
  const last = sockets.at(-1) as Raw;
  expect(last.ended).toBe('slow');
  expect(server.wires.length).toBeLessThanOrEqual(limits.sockets);
});

describe('a browser that does not acknowledge', () => {
  test('has no more than a cap of bytes on the way, and gets the newest state later', async () => {
    const { clock, server } = world();
    const user = await User.open(server, clock, '/');
    const { wire } = user.browser;
    if (wire) wire.tamper = (direction, text) => (direction === 'up' && text.startsWith('["a"') ? 'ping' : text);
    for (let change = 0; change < 50; change++) {
      user.find('Change').click();
      await user.advance('10ms');
    }
    const bytes = wire?.sent.reduce((sum, text) => sum + text.length, 0) ?? 0;
    expect(bytes).toBeGreaterThan(limits.bytesInFlight);
    expect(bytes).toBeLessThan(limits.bytesInFlight + 3 * size);
    if (wire) wire.tamper = undefined;
    await user.advance('40s');
    expect(user.sees('49y')).toBe(true);
    user.close();
  });

  test('while one that reads gets every change of large patches', async () => {
    const { clock, server } = world();
    const user = await User.open(server, clock, '/');
    for (let change = 0; change < 50; change++) {
      user.find('Change').click();
      await user.advance('50ms');
    }
    const patches = user.browser.wire?.sent.filter((text) => /^\[\d/.test(text)) ?? [];
    expect(patches.length).toBe(50);
    user.close();
  });
});
