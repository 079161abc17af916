import { afterEach, describe, expect, test, vi } from 'vitest';
import { ui } from '../../src/index.ts';
import { encode, type Paint, protocolVersion } from '../../src/protocol/index.ts';
import type { LogEntry, SessionEntry } from '../../src/session/host.ts';
import { writeLog } from '../../src/session/log.ts';
import { printable, SessionLog } from '../../src/session/session-log.ts';
import { TestServer, VirtualClock, type Wire } from '../../src/testing/index.ts';

function world() {
  const clock = new VirtualClock();
  const written: LogEntry[] = [];
  const log = new SessionLog({ name: 'ann', build: 'b1', clock, log: (entry) => void written.push(entry) });
  const network = (message: string): SessionEntry => ({ level: 'warning', fault: 'network', message });
  return { clock, log, network, written, lines: () => written.map((entry) => entry.message) };
}

describe('the log of a session', () => {
  test('writes an entry as one object that says where and whose', () => {
    const { log, written } = world();
    const error = new Error('no');
    const said = {
      level: 'error',
      fault: 'author',
      page: '/a',
      element: 'button "Save"',
      message: 'It failed.',
    } as const;
    log.write({ ...said, error });
    expect(written).toEqual([{ ...said, session: 'ann', build: 'b1', error }]);
    expect(written[0]?.error).toBe(error);
  });

  test('counts a line that repeats instead of writing it', () => {
    const { log, network, lines } = world();
    for (let time = 0; time < 1_500; time++) log.write(network('Refused a frame.'));
    expect(lines()).toEqual([
      'Refused a frame.',
      'Refused a frame. (this line, 10 times within a minute)',
      'Refused a frame. (this line, 100 times within a minute)',
      'Refused a frame. (this line, 1000 times within a minute)',
    ]);
  });

  test('writes a line again after a minute, with the number of times that it was not', async () => {
    const { clock, log, network, lines } = world();
    for (let time = 0; time < 5; time++) log.write(network('Refused a frame.'));
    await clock.advance(60_000);
    log.write(network('Refused a frame.'));
    expect(lines()).toEqual(['Refused a frame.', 'Refused a frame. (this line, and 4 times before)']);
  });

  test('does not grow with the lines that a stranger can make differ', async () => {
    const { clock, log, network, lines } = world();
    for (let frame = 0; frame < 220_000; frame++) {
      if (frame % 1_000 === 0) await clock.advance(1_000);
      log.write(network(`Dropped event-${frame} for element ${frame}: the element no longer exists.`));
    }
    expect(lines().length).toBeLessThan(120);
    expect(lines().join()).toContain('Too many different log lines');
  });

  test('writes the mistakes of the author although a stranger makes noise', () => {
    const { log, network, written } = world();
    for (let frame = 0; frame < 1_000; frame++) log.write(network(`Dropped event-${frame}.`));
    log.write({ level: 'error', fault: 'author', message: 'A handler failed.' });
    expect(written.at(-1)?.message).toBe('A handler failed.');
  });

  test('tells errors of one handler apart', () => {
    const { log, written } = world();
    for (const reason of ['first', 'second']) {
      log.write({ level: 'error', fault: 'author', message: 'A handler failed.', error: new Error(reason) });
    }
    expect(written).toHaveLength(2);
  });

  test.each([
    ['a line break', 'a\nb\r\nc', 'a\\nb\\r\\nc'],
    ['an escape sequence of terminals', '\x1b[31mred\x9b', '\\u001b[31mred\\u009b'],
    ['a null', 'a\0b', 'a\\u0000b'],
    ['breaks of Unicode', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['a mark that turns the direction', 'a\u202eb', 'a\\u202eb'],
    ['half of a character', 'a\ud800', 'a\ufffd'],
    ['letters of all languages', 'Größe 大きさ 👩‍👧', 'Größe 大きさ 👩‍👧'],
  ])('shows %s as text', (_, given, expected) => {
    const { log, written } = world();
    log.write({ level: 'warning', fault: 'network', page: given, element: given, message: given });
    expect(written[0]).toMatchObject({ page: expected, element: expected, message: expected });
  });

  test('shortens a line of any length', () => {
    expect(printable('x'.repeat(5_000))).toHaveLength(1_001);
  });
});

describe('the console', () => {
  afterEach(() => vi.restoreAllMocks());

  test.each([
    ['error', 'error'],
    ['warning', 'warn'],
    ['info', 'log'],
  ] as const)('gets an entry of the level %s as one object, and the error itself', (level, method) => {
    const spy = vi.spyOn(console, method).mockImplementation(() => {});
    const entry = { level, fault: 'author', session: 'ann', build: 'b1', message: 'It failed.' } as const;
    const error = new TypeError('no');
    writeLog({ ...entry, error });
    writeLog(entry);
    expect(spy.mock.calls).toEqual([[entry, error], [entry]]);
    expect(spy.mock.calls[0]?.[1]).toBe(error);
  });
});

describe('a hostile client', () => {
  async function attacker() {
    const clock = new VirtualClock();
    const server = new TestServer({ clock, pages: { '/': () => void ui.button('Go', () => {}) } });
    const { page, epoch, frame } = (await server.open('/')) as Paint;
    const near = { opened: () => {}, message: () => {}, closed: () => {} };
    const wire: Wire = server.connect({ page, fork: false }, '/', near);
    await clock.advance(10);
    wire.browser.send(encode(['h', protocolVersion, '', epoch, frame, []]));
    await clock.advance(10);
    return { clock, server, wire };
  }

  test('writes nothing more once its connection has ended', async () => {
    const { clock, server, wire } = await attacker();
    wire.browser.send('not a frame');
    await clock.advance(1);
    const before = server.log.length;
    for (let frame = 0; frame < 2_000; frame++) void server.session.message(wire, 'not a frame either');
    await clock.advance(1_000);
    expect(before).toBe(1);
    expect(server.log).toHaveLength(1);
  });

  test('[MO8] forges no line by a line break in the name of an event', async () => {
    const { clock, server, wire } = await attacker();
    wire.browser.send(encode([1, 999_999, 'x\n[session admin] All is well.']));
    await clock.advance(10);
    expect(server.log.at(-1)?.message).toBe(
      'Dropped x\\n[session admin] All is well. for element 999999: the element no longer exists.',
    );
  });

  test('writes a handful of lines by a thousand events that are refused', async () => {
    const { clock, server, wire } = await attacker();
    for (let event = 1; event <= 1_000; event++) wire.browser.send(encode([event, 1_000 + event, `name-${event}`]));
    await clock.advance(10_000);
    expect(server.log.length).toBeGreaterThan(0);
    expect(server.log.length).toBeLessThan(30);
  });
});
