// Scenarios F and G of RELIABILITY.md: slow and hostile browsers.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { decodeUp, encode, type Json, limits, ProtocolError, protocolVersion } from '../../src/protocol/index.ts';
import { open, seeded, settled, TestBrowser, TestServer, type User, VirtualClock } from '../../src/testing/index.ts';

/** Twenty changes a second of a text and of a log, from a timer. */
const busy = {
  '/': () => {
    const count = ui.state(0);
    ui.label(() => `Count ${count.value} ${'x'.repeat(1_000)}`);
    const log = ui.log({ max: 50 });
    ui.timer('50ms', () => log.push(`line ${count.value++}`));
    ui.button('Click', () => ui.label('clicked'));
  },
};

/** What the browser acknowledges gets lost, as if it had not read it; its events arrive. */
function loseAcknowledgements(user: User): void {
  const { wire } = user.browser;
  if (wire) wire.tamper = (direction, text) => (direction === 'up' && text.startsWith('["a"') ? 'ping' : text);
}

describe('F: load', { timeout: 60_000 }, () => {
  test('[LW4] a browser that reads slowly gets fewer, merged patches: the newest state, and of the log how much is missing', async () => {
    using user = await open(busy);
    user.browser.wire?.slow(1_000);
    await user.advance('1m');
    const { wire } = user.browser;
    // More than a thousand changes of a thousand characters were made, and a small part of that waits.
    const waiting = wire?.waiting('down').reduce((sum, text) => sum + text.length, 0);
    expect(waiting).toBeLessThan(limits.framesInFlight * 1_500);
    wire?.slow(Number.POSITIVE_INFINITY);
    await user.advance('1m');
    const [label, log] = user.browser.root.children;
    const server = user.server.session.pages.get(user.browser.link.page)?.tree.root.children;
    const shown = Number(String(label?.props.text).split(' ')[1]);
    const made = Number(String(server?.[0]?.props.text).split(' ')[1]);
    expect(made - shown).toBeLessThan(5);
    expect((log?.props.lines as string[]).length).toBe(50);
    expect(log?.props.total).toBeGreaterThan(2_000);
    expect(user.browser.ended).toEqual([]);
  });

  test('[LW4] a browser that reads nothing is disconnected by policy and finds everything on return; others do not notice', async () => {
    using user = await open(busy);
    const other = await user.tab();
    user.browser.wire?.hold('down');
    const { wire } = user.browser;
    for (let second = 0; second < 34; second++) {
      const before = String(other.find({ kind: 'label' }).text);
      await user.advance('1s');
      expect(other.find({ kind: 'label' }).text).not.toBe(before);
    }
    expect(wire?.sent.at(-1)).toMatch(/^\["x","slow"/);
    wire?.release('down');
    await user.advance('5s');
    expect(user.browser.link.status.state).toBe('live');
    user.find('Click').click();
    await user.shouldSee('clicked');
    expect(user.browser.ended).toEqual([]);
  });

  test('acknowledgements of a browser that is behind go out all the same', async () => {
    using user = await open(busy);
    loseAcknowledgements(user);
    await user.advance('6s');
    const sent = user.browser.wire?.sent.length;
    await user.advance('1s');
    expect(user.browser.wire?.sent.length, 'the browser is behind').toBe(sent);
    user.find('Click').click();
    await user.advance('250ms');
    expect(user.browser.link.pending).toEqual([]);
  });

  test('a reload while patches wait for a slow browser shows what is there, each line once', async () => {
    using user = await open({
      '/': () => {
        const log = ui.log();
        let line = 0;
        ui.button('Push', () => log.push(`line ${line++}`));
      },
    });
    loseAcknowledgements(user);
    const lines = Array.from({ length: limits.framesInFlight + 3 }, (_, line) => `line ${line}`);
    for (const _ of lines) {
      user.find('Push').click();
      await user.advance('10ms');
    }
    expect(user.find({ kind: 'log' }).props.total, 'the browser is behind').toBe(limits.framesInFlight);
    // The document is asked for while the old socket is still there.
    const paint = user.server.open('/', user.browser.link.page);
    await settled();
    expect(await paint).toMatchObject({ epoch: 0 });
    await user.reload();
    await user.advance('3s');
    expect(user.find({ kind: 'log' }).props).toMatchObject({ lines, total: lines.length });
  });

  test('[AF6] a session serves a hundred tabs; one more ends the oldest that nobody watches, asleep or not', async () => {
    const clock = new VirtualClock(seeded(3));
    const server = new TestServer({ pages: { '/': () => void ui.button('Click', () => ui.label('clicked')) }, clock });
    const tabs: TestBrowser[] = [];
    for (let tab = 0; tab < limits.pages; tab++) {
      tabs.push(await TestBrowser.open(server, clock, '/'));
      await clock.advance(10);
    }
    await clock.advance(5_000);
    tabs[7]?.close();
    await clock.advance(5_000);
    server.evict();
    const more = await TestBrowser.open(server, clock, '/');
    await clock.advance(1_000);
    expect(server.store.pages().length).toBe(limits.pages);
    expect(server.store.page(tabs[7]?.link.page ?? '')).toBeUndefined();
    for (const tab of [...tabs.filter((one) => !one.closed), more]) {
      const [button] = tab.root.children;
      if (button) tab.emit(button, 'click');
    }
    await clock.advance(1_000);
    for (const tab of tabs) if (!tab.closed) expect(tab.root.children.length).toBe(2);
    expect(tabs.flatMap((tab) => tab.ended)).toEqual([]);
  });
});

const guarded = {
  '/': () => {
    const heard = ui.log();
    const hear = (what: string) => () => void heard.push(what);
    ui.button('Open', hear('open'));
    ui.button('Disabled', hear('disabled')).enable(false);
    ui.row(() => void ui.button('Hidden', hear('hidden'))).show(false);
    ui.row(() => void ui.button('In a disabled row', hear('disabled row'))).enable(false);
    ui.label('Deaf');
    ui.select(['a', 'b'], { onChange: hear('select') });
    ui.input('Short', { maxLength: 3, onChange: hear('input') });
    ui.input('Fixed', { readOnly: true, onChange: hear('fixed') });
    ui.checkbox('Box', { onChange: hear('checkbox') });
    ui.dialog(undefined, { label: 'Dialog' });
    ui.tabs({ One: () => {}, Two: () => {} });
  },
};

/** Sends a frame that no client of ours would send. */
function forge(user: User, text: string): void {
  user.browser.wire?.browser.send(text);
}

describe('G: hostile browsers', () => {
  test.each([
    '',
    ' ',
    '{',
    '{}',
    'null',
    '5',
    '"x"',
    '[]',
    '[[]]',
    '[null]',
    '[-1,1,"click"]',
    '[0,1,"click"]',
    '[1.5,1,"click"]',
    '[1e99,1,"click"]',
    '[1,"1","click"]',
    '[1,1]',
    '[1,1,2]',
    '[1,1,""]',
    '[1,1,"click",1,2]',
    '["a"]',
    '["a",-1]',
    '["a","1"]',
    '["a",1,2]',
    '["h"]',
    '["h",1,"b",1,1]',
    '["h",1,"b",1,1,{}]',
    '["h",1,"b",1,1,[1]]',
    '["h",1,2,1,1,[]]',
    '["z",1]',
    '[true]',
    '[1,1,"click",{"__proto__":{"a":1}}]',
    '[1,1,"click",[[[[[[[[[]]]]]]]]]]',
    '[1,1,"click"',
    '\u0000',
    '[1,1,"\ud800"',
    'ping ',
  ])('[BD4] a frame that is none is refused, and nothing else happens: %j', async (text) => {
    using user = await open(guarded);
    const other = await user.tab();
    await user.advance('3s');
    const before = user.browser.literal();
    forge(user, text);
    await user.advance('2s');
    expect(user.server.connections[0]?.sent.at(-1)).toMatch(/^\["x","refused"/);
    expect(user.server.errors).toEqual([]);
    await user.advance('5s');
    expect(user.browser.link.status.state).toBe('live');
    expect(user.browser.literal()).toEqual(before);
    expect(other.browser.wire).toBe(user.server.connections[1]);
    expect(user.server.log.every((entry) => entry.fault === 'network')).toBe(true);
  });

  test.each([1, 2, 3, 4])('[BD4] random damage to frames does no harm (seed %i)', async (seed) => {
    const chance = seeded(seed);
    using user = await open(guarded);
    const { id } = user.find('Open').node;
    const frames = [
      encode([1, id, 'click']),
      encode(['a', 1]),
      encode(['h', protocolVersion, 'build', 5, 1, [[1, id, 'click', { a: [1, 'b', null] }]]]),
    ];
    for (let round = 0; round < 300; round++) {
      const text = frames[Math.floor(chance() * frames.length)] as string;
      const at = Math.floor(chance() * text.length);
      const char = String.fromCharCode(Math.floor(chance() * 0x10000));
      const damaged = [text.slice(0, at), `${text.slice(0, at)}${char}${text.slice(at + 1)}`, text + text][
        Math.floor(chance() * 3)
      ];
      forge(user, damaged ?? '');
      await user.clock.advance(10);
    }
    await user.advance('1m');
    expect(user.browser.link.status.state).toBe('live');
    expect(user.server.errors).toEqual([]);
    expect(user.browser.ended).toEqual([]);
  });

  test('binary is refused', () => {
    for (const data of [new ArrayBuffer(3), new Uint8Array(3), undefined, 5]) {
      expect(() => decodeUp(data)).toThrow(ProtocolError);
    }
  });

  const value = (entries: number): Json => Array.from({ length: entries }, () => 0);
  const nested = (depth: number): Json => (depth === 0 ? 0 : [nested(depth - 1)]);
  const sized = (size: number): string => {
    const bare = encode([1, 1, 'click', '']).length;
    return encode([1, 1, 'click', 'x'.repeat(size - bare)]);
  };
  const hello = (events: number): string =>
    encode(['h', 2, 'b', 0, 0, Array.from({ length: events }, (_, index) => [index + 1, 1, 'click'] as const)]);
  test.each([
    ['upFrame', sized(limits.upFrame), sized(limits.upFrame + 1)],
    [
      'valueDepth',
      encode([1, 1, 'click', nested(limits.valueDepth)]),
      encode([1, 1, 'click', nested(limits.valueDepth + 1)]),
    ],
    [
      'valueEntries',
      encode([1, 1, 'click', value(limits.valueEntries)]),
      encode([1, 1, 'click', value(limits.valueEntries + 1)]),
    ],
    ['eventName', encode([1, 1, 'x'.repeat(limits.eventName)]), encode([1, 1, 'x'.repeat(limits.eventName + 1)])],
    ['helloEvents', hello(limits.helloEvents), hello(limits.helloEvents + 1)],
  ])('[BD4] %s holds at the limit and not above it', (_name, at, above) => {
    expect(() => decodeUp(at)).not.toThrow();
    expect(() => decodeUp(above)).toThrow(ProtocolError);
  });

  test('[BD3] a socket that sends faster than the limit is ended, and a client with much to send gets it through', async () => {
    using user = await open(guarded);
    const { id } = user.find('Open').node;
    for (let number = 1; number <= limits.frameBurst + 5; number++) forge(user, encode([number, id, 'click']));
    await user.advance('1s');
    expect(user.server.connections[0]?.sent.at(-1)).toMatch(/^\["x","refused".*faster/);
    expect(user.find({ kind: 'log' }).props.total).toBeLessThanOrEqual(limits.frameBurst + 1);
  });

  test('[MO4] events for elements that are absent, disabled, hidden or deaf are refused, and the log says why', async () => {
    using user = await open(guarded);
    const ids = ['Disabled', 'Hidden', 'In a disabled row', 'Deaf'].map((text) => user.find(text).node.id);
    const events: [number, string, Json?][] = [
      ...ids.map((id): [number, string] => [id, 'click']),
      [999_999, 'click'],
      [1, 'click'],
      [user.find('Open').node.id, 'dblclick'],
      [user.find('Open').node.id, 'toString'],
      [user.find('Open').node.id, 'value', 'x'],
      [user.find('Box').node.id, 'constructor', true],
    ];
    events.forEach(([id, name, given = null], index) => forge(user, encode([index + 1, id, name, given])));
    await user.advance('2s');
    expect(user.find({ kind: 'log' }).props.lines).toEqual([]);
    expect(user.server.log.filter((entry) => /Refused|Dropped/.test(entry.message)).length).toBe(events.length);
    expect(user.server.log.every((entry) => entry.fault === 'network')).toBe(true);
    expect(user.server.connections.length).toBe(1);
  });

  test.each<[string, string, Json | undefined]>([
    ['select', 'value', 'c'],
    ['select', 'value', 5],
    ['Short', 'value', 'long'],
    ['Short', 'value', null],
    ['Short', 'value', undefined],
    ['Fixed', 'value', 'x'],
    ['Box', 'value', 'yes'],
    ['Dialog', 'open', true],
    ['tabs', 'value', 'Three'],
  ])(
    '[MO4] a value outside of what was shown is refused, and the browser is put right: %s %s %j',
    async (name, event, given) => {
      using user = await open(guarded);
      const found = name === 'select' || name === 'tabs' ? user.find({ kind: name }) : user.find(name);
      const before = user.browser.literal();
      forge(user, encode(given === undefined ? [1, found.node.id, event] : [1, found.node.id, event, given]));
      await user.advance('2s');
      expect(user.server.log.map((entry) => entry.message)).toEqual([expect.stringMatching(/^Refused/)]);
      expect(user.browser.literal()).toEqual(before);
      // The present value was sent once more.
      expect(user.server.connections[0]?.sent.some((text) => text.includes(`[${found.node.id},"${event}"`))).toBe(true);
    },
  );

  test("[MO5] what one tab sends cannot reach another tab's page, and numbers of elements are no secret that matters", async () => {
    using user = await open(guarded);
    const other = await user.tab();
    forge(user, encode([1, other.find('Open').node.id, 'click']));
    await user.advance('1s');
    expect(other.find({ kind: 'log' }).props.total).toBe(0);
    expect(user.find({ kind: 'log' }).props.total).toBe(1);
  });

  test.each([
    ['an acknowledgement of a patch that was not sent', encode(['a', 1_000_000]), /refused/],
    ['a hello of the future', encode(['h', protocolVersion, 'b', 1, Number.MAX_SAFE_INTEGER, []]), /^\["s"/],
    ['an event of the future', encode([1_000, 1, 'click']), /refused/],
    [
      'a hello with a gap in its events',
      encode([
        'h',
        protocolVersion,
        'b',
        0,
        0,
        [
          [1, 2, 'click'],
          [3, 2, 'click'],
        ],
      ]),
      /refused/,
    ],
  ])('%s does no harm', async (_what, text, answer) => {
    using user = await open(guarded);
    await user.advance('100ms');
    forge(user, text);
    await user.advance('100ms');
    expect(user.server.connections[0]?.sent.at(-1)).toMatch(answer);
    await user.advance('1m');
    expect(user.browser.link.status.state).toBe('live');
    user.find('Open').click();
    await user.settle();
    expect(user.find({ kind: 'log' }).props.total).toBe(1);
  });

  test('[MO5] what one session receives is the same bytes with or without an attacker in another (I8)', async () => {
    const received = async (attack: boolean): Promise<string[]> => {
      const clocks = [new VirtualClock(seeded(1)), new VirtualClock(seeded(2))] as const;
      const servers = clocks.map((clock) => new TestServer({ pages: guarded, clock }));
      const [mine, theirs] = await Promise.all(
        servers.map((server, index) => TestBrowser.open(server, clocks[index] as VirtualClock, '/')),
      );
      const chance = seeded(9);
      for (let round = 0; round < 100; round++) {
        if (attack) {
          const frames = [
            '[',
            '[1,1,"click"]',
            encode([round + 1, 2, 'x', { a: round }]),
            encode(['a', 99]),
            'x'.repeat(300_000),
          ];
          theirs?.wire?.browser.send(frames[Math.floor(chance() * frames.length)] as string);
          await clocks[1].advance(7);
        }
        const button = mine?.root.children[1];
        if (mine && button) mine.emit(button, 'click');
        await clocks[0].advance(13);
      }
      await clocks[0].advance(5_000);
      return servers[0]?.connections.flatMap((wire) => wire.sent) ?? [];
    };
    const alone = (await received(false)).map((text) => text.replace(/[0-9a-f]{32}/g, 'page'));
    const beside = (await received(true)).map((text) => text.replace(/[0-9a-f]{32}/g, 'page'));
    expect(beside).toEqual(alone);
    expect(alone.length).toBeGreaterThan(100);
  });
});
