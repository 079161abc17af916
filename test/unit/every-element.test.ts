// What must hold for every kind of element, from the table of kinds, so that a new one cannot be forgotten: events from a browser
// without manners, and texts that try to become markup, code, addresses or styles.

import { Parser } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { Element } from '../../src/elements/element.ts';
import { ui } from '../../src/elements/index.ts';
import {
  encode,
  type Json,
  type Kind,
  kindNames,
  type NodeLiteral,
  type Props,
  ruleOf,
  safeUrl,
  traitsOf,
} from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open, type User } from '../../src/testing/index.ts';
import { smallest } from './smallest.ts';

const kinds = kindNames().filter((kind) => kind !== 'root');
const propsOf = (kind: Kind): Props => (kind in smallest ? smallest[kind as keyof typeof smallest] : {}) as Props;

/** The events that a component itself sends, which the session takes without a listener of the author's. */
const ownEvents = (kind: Kind): readonly string[] => {
  const { writes = [], events = [] } = ruleOf(kind);
  return [...writes, ...events];
};

const nested = (depth: number): Json => (depth === 0 ? 'x' : [nested(depth - 1)]);

/** Values that no component sends, or only some. */
const strange: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  '',
  'x',
  '__proto__',
  'constructor',
  'javascript:alert(1)',
  '<script>alert(1)</script>',
  'x'.repeat(20_000),
  [],
  [null],
  [[]],
  ['__proto__', '__proto__'],
  nested(8),
  {},
  { constructor: { prototype: { polluted: true } } },
  '\ud800',
  '\u0000\u202e\ufeff',
  -0.000001,
  Number.MAX_SAFE_INTEGER + 1,
  Array.from({ length: 1_000 }, () => 'x'),
  { value: null, error: {} },
];

/** Names that every object has, and events that nobody asked for. */
const unasked = ['click', 'input', 'value2', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'];

/** Sends a frame past the client, as a program of an attacker does. Frames have numbers from 1. */
function forger(user: User): (id: number, event: string, value?: Json) => void {
  let number = 0;
  return (id, event, value) => {
    const frame = [++number, id, event, ...(value === undefined ? [] : [value])];
    user.browser.wire?.browser.send(encode(frame as never));
  };
}

/** An element of a kind that notes each event that reaches a handler. */
class Probe extends Element {
  constructor(kind: Kind, heard: unknown[]) {
    super(kind, propsOf(kind), { key: kind });
    for (const event of ownEvents(kind))
      this.listen(event, ({ value }) => heard.push([kind, event, value]), 'parallel');
  }
}

/** Returns what the session has on the page, below its root. */
const served = (user: User) => user.server.session.pages.get(user.browser.link.page)?.tree.root.children ?? [];
const propsServed = (user: User) =>
  served(user).map(({ kind, props, children }) => [kind, props, children.map((child) => [child.kind, child.props])]);

test('[MO4] each event that a component itself sends has a check on the server', () => {
  const unchecked = kinds.flatMap((kind) =>
    ownEvents(kind)
      .filter((event) => !Object.hasOwn(traitsOf(kind).checks ?? {}, event))
      .map((event) => `${kind}.${event}`),
  );
  expect(unchecked).toEqual([]);
});

describe('[MO4] a browser without manners changes nothing', () => {
  test('of any element that is hidden, disabled, or in something that is', async () => {
    const heard: unknown[] = [];
    using user = await open({
      '/': () => {
        const all = () => kinds.map((kind) => new Probe(kind, heard));
        ui.column(() => {
          for (const element of all()) element.visible = false;
        });
        ui.column(() => {
          for (const element of all()) element.enabled = false;
        });
        ui.column(all).visible = false;
        ui.column(all).enabled = false;
      },
    });
    const before = propsServed(user);
    const forge = forger(user);
    let sent = 0;
    for (const node of user.browser.root.children.flatMap(({ children }) => children)) {
      for (const event of ownEvents(node.kind as Kind)) {
        forge(node.id, event, (node.props[event] as Json | undefined) ?? null);
        sent++;
      }
    }
    await user.advance('5s');
    expect(sent).toBeGreaterThan(200);
    expect(heard).toEqual([]);
    expect(propsServed(user)).toEqual(before);
    expect(user.server.connections[0]?.sent.at(-1)).toBe(encode(['a', sent]));
  });

  test('by an event that the element does not have', async () => {
    const heard: unknown[] = [];
    using user = await open({
      '/': () => {
        for (const kind of kinds) new Probe(kind, heard);
      },
    });
    const before = propsServed(user);
    const forge = forger(user);
    for (const node of user.browser.root.children) {
      for (const event of unasked) if (!ownEvents(node.kind as Kind).includes(event)) forge(node.id, event, true);
    }
    await user.advance('5s');
    expect(heard).toEqual([]);
    expect(propsServed(user)).toEqual(before);
  });

  test('of a page in another tab, whatever the number of its elements', async () => {
    const heard: unknown[] = [];
    using user = await open({
      '/': () => {
        for (const kind of kinds) new Probe(kind, heard);
      },
      '/other': () => void ui.label('nothing here'),
    });
    const stranger = await user.tab('/other');
    const before = propsServed(user);
    const forge = forger(stranger);
    for (const node of user.browser.root.children) {
      for (const event of ownEvents(node.kind as Kind)) forge(node.id, event, true);
    }
    await user.advance('5s');
    expect(heard).toEqual([]);
    expect(propsServed(user)).toEqual(before);
    expect(stranger.sees('nothing here')).toBe(true);
  });
});

test('[MO10] bytes that a browser sends to an element reach it only when it takes bytes, is shown and is enabled', async () => {
  const heard: unknown[] = [];
  using user = await open({
    '/': () => {
      for (const kind of kinds) new Probe(kind, heard);
      ui.column(() => kinds.map((kind) => new Probe(kind, heard))).visible = false;
      ui.column(() => kinds.map((kind) => new Probe(kind, heard))).enabled = false;
    },
  });
  const before = propsServed(user);
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  const { session } = user.server;
  const send = (id: number) => session.frame(user.browser.link.page, id, jpeg);
  const taken: unknown[] = [];
  for (const { id, kind, children } of user.browser.root.children) {
    if ((await send(id)) === 204) taken.push(kind);
    for (const child of children) expect(await send(child.id), child.kind).toBe(404);
    await user.advance('1s');
  }
  expect(taken).toEqual(kinds.filter((kind) => ruleOf(kind).events?.includes('frame' as never)));
  expect(await send(999_999)).toBe(404);
  expect(propsServed(user)).toEqual(before);
});

test('[MO10] what an upload says of its files, and a camera of its frames, comes from the session and never from a browser', () => {
  const bytes = kinds.flatMap((kind) =>
    ownEvents(kind)
      .filter((event) => /^(frame|uploaded|uploads|refused)$/.test(event))
      .map((event) => [kind, event] as const),
  );
  expect(bytes.length).toBeGreaterThan(3);
  for (const [kind, event] of bytes) {
    const check = traitsOf(kind).checks?.[event];
    for (const value of [...strange, ['batch-0001', [['key-00001', 'a', '', 1]]]] as const)
      expect(check?.(value as Json, propsOf(kind)), `${kind} ${event} ${JSON.stringify(value)}`).toBeDefined();
  }
});

const senders = kinds.filter((kind) => ownEvents(kind).length > 0);

test.each(senders)(
  '[MO4] the session takes from a browser what the checks of %s take, and no other value',
  async (kind) => {
    const { writes = [] } = ruleOf(kind);
    const heard: unknown[] = [];
    using user = await open({
      '/': () => {
        new Probe(kind, heard);
      },
    });
    const id = user.browser.root.children[0]?.id ?? 0;
    const forge = forger(user);
    const expected: unknown[] = [];
    sending: for (const event of ownEvents(kind)) {
      const check = traitsOf(kind).checks?.[event];
      for (const value of strange) {
        const props = { ...served(user)[0]?.props };
        const wrong = check?.(value, props);
        const taken = wrong === undefined;
        if (taken) expected.push([kind, event, value]);
        forge(id, event, value);
        await user.advance('200ms');
        const node = served(user)[0];
        if (!node && kind === 'notification' && taken) {
          expected.pop(); // It is done, so it is gone, with its listeners.
          break sending;
        }
        if (!node) expect.fail(`${event} ${JSON.stringify(value)} removed it`);
        if (!taken) expect(node.props, `${event} ${JSON.stringify(value)}: ${wrong}`).toEqual(props);
        else if (writes.includes(event as never)) expect(node.props[event]).toEqual(value);
      }
    }
    expect(heard).toEqual(expected);
    expect(user.server.errors).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  },
);

/** Texts that would be something else than text where a component is careless. */
const evil = [
  '"><script>alert(1)</script><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  'x" onmouseover="alert(1)" y="',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:alert(1)',
  '</style><script>alert(1)</script>',
  'red;position:fixed;inset:0;background:url(//evil.example/x)',
];

const attributes = (text: string): Record<string, string> => ({
  onclick: text,
  ONLOAD: text,
  srcdoc: text,
  href: text,
  SRC: text,
  formaction: text,
  style: text,
  class: text,
  key: text,
  innerHTML: text,
  dangerouslySetInnerHTML: text,
  [text]: text,
  title: text,
});

/** Returns props with the text in place of each text, also within. */
function poisoned(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((each) => poisoned(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poisoned(each, text)]));
}

/** Returns what of some HTML runs code, loads or styles what it should not. */
function dangersIn(html: string): string[] {
  const dangers: string[] = [];
  const parser = new Parser({
    onopentag(tag, given) {
      if (/^(script|style|iframe|object|embed|base|meta|link)$/.test(tag)) dangers.push(`<${tag}>`);
      for (const [name, value] of Object.entries(given)) {
        if (/^on|^srcdoc$|["'<>=]/.test(name)) dangers.push(`${tag} ${name}`);
        if (
          /^(href|src|action|formaction|poster|data|xlink:href)$/.test(name) &&
          safeUrl(value, name === 'src') === undefined
        )
          dangers.push(`${tag} ${name}=${value}`);
      }
    },
  });
  parser.end(html);
  return dangers;
}

const shown = (kind: Kind, props: Props, children: readonly NodeLiteral[] = []): string =>
  renderTree([1, 'root', {}, [[2, kind, props, children]]]);

describe('[WS9] text stays text, addresses run no code, attributes stay attributes', () => {
  test.each(kinds)('in a %s', (kind) => {
    for (const text of evil) {
      const props = { ...(poisoned(propsOf(kind), text) as Props), class: text, attrs: attributes(text) } as Props;
      expect(dangersIn(shown(kind, props)), text).toEqual([]);
    }
  });

  test.each(kinds.filter((kind) => 'content' in propsOf(kind)))('in the markup of a %s', (kind) => {
    for (const text of evil) {
      const content = [
        ['script', {}, text],
        ['img', { src: text, onerror: text }],
        ['a', { href: text, [text]: text, onclick: text }, text],
        [text, {}, text],
        ['iframe', { srcdoc: text }],
      ] as unknown as Json;
      expect(dangersIn(shown(kind, { ...propsOf(kind), content } as Props)), text).toEqual([]);
    }
  });
});

test.each(kinds)('[WS9] a text of a %s is no declaration of a style of its own', (kind) => {
  const text = evil.at(-1) ?? '';
  const html = shown(kind, poisoned(propsOf(kind), text) as Props);
  const styles = [...html.matchAll(/ style="([^"]*)"/g)].map(([, style = '']) => style);
  expect(styles.filter((style) => /position:fixed|url\(/.test(style))).toEqual([]);
});
