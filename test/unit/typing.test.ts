// What a person types while the session changes the same text, too much to send, and keys of an IME.

import { describe, expect, test } from 'vitest';
import { caretIn } from '../../client/components/control.tsx';
import { isComposing } from '../../client/dom/index.ts';
import { ui } from '../../src/elements/index.ts';
import { decodeUp, limits, typedOn } from '../../src/protocol/index.ts';
import { open, seeded, type User } from '../../src/testing/index.ts';

/** A field whose Enter sends and empties it, as a chat has. */
function chat(sent: string[], adds = false) {
  return {
    '/': () => {
      const draft = ui.state('');
      const lines = ui.list<string>([]);
      ui.input('Message', {
        value: draft,
        onEnter: () => {
          sent.push(draft.value);
          if (adds) lines.add(draft.value);
          draft.value = '';
        },
      });
      ui.each(lines, (line) => ui.label(line));
      ui.label(() => lines.items.join(', ')).props({ 'data-mark': 'lines' });
    },
  };
}

async function enter(user: User, text: string, ms = 0): Promise<void> {
  user.find('Message').type(text);
  if (ms) await user.advance(ms);
  user.find('Message').press('Enter');
}

describe('[EO7] what is typed on after Enter is the next text, however long the way is', () => {
  test.each([
    ['within a round trip', 0, 0],
    ['when the pause of typing ends before the answer', 0, 700],
    ['after the answer', 0, 5_000],
  ])('%s', async (_, before, after) => {
    const sent: string[] = [];
    using user = await open(chat(sent), '/', { latency: 1_000 });
    await enter(user, 'hello', before);
    user.find('Message').type('w');
    if (after) await user.advance(after);
    user.find('Message').type('orld');
    if (after) await user.advance(after);
    expect(user.find('Message').value).toMatch(/world$/);
    await user.advance('10s');
    expect(user.find('Message').value).toBe('world');
    user.find('Message').press('Enter');
    await user.advance('10s');
    expect(sent).toEqual(['hello', 'world']);
    expect(user.find('Message').value).toBe('');
  });

  test('three messages within one round trip arrive as three', async () => {
    const sent: string[] = [];
    using user = await open(chat(sent), '/', { latency: 2_000 });
    for (const text of ['one', 'two', 'three']) await enter(user, text);
    await user.advance('20s');
    expect(sent).toEqual(['one', 'two', 'three']);
    expect(user.find('Message').value).toBe('');
  });

  test.each([3, 10, 30, 100])('also while each message adds a line, %i ms away', async (latency) => {
    for (let seed = 1; seed <= 25; seed++) {
      const chance = seeded(seed);
      using user = await open(chat([], true), '/', { latency });
      const pause = [5, 20, 60, 200][seed % 4] ?? 0;
      for (const text of ['one', 'two', 'three']) {
        for (const letter of text) {
          user.find('Message').type(letter);
          await user.advance(1 + Math.floor(chance() * 2 * pause));
        }
        user.find('Message').press('Enter');
        await user.advance(1 + Math.floor(chance() * 2 * pause));
      }
      await user.advance('10s');
      expect(user.find({ mark: 'lines' }).text, `seed ${seed}`).toBe('one, two, three');
    }
  });

  test.each(['cut', 'kill'] as const)('also when the way ends in a %s', async (how) => {
    const sent: string[] = [];
    using user = await open(chat(sent), '/', { latency: 500 });
    await enter(user, 'hello');
    await user.advance(600);
    if (how === 'cut') user.cut();
    else user.server.kill();
    await enter(user, 'world');
    await user.advance('30s');
    expect(user.find('Message').value).toBe('');
    expect(sent.filter((text, at) => text !== sent[at - 1])).toEqual(['hello', 'world']);
  });

  test('typed offline, too', async () => {
    const sent: string[] = [];
    using user = await open(chat(sent));
    user.offline();
    await enter(user, 'hello', 1_000);
    await enter(user, 'world', 1_000);
    await user.advance('5s');
    user.online();
    await user.advance('10s');
    expect(sent).toEqual(['hello', 'world']);
  });
});

test('a server that formats what is typed scrambles nothing', async () => {
  using user = await open(
    {
      '/': () => {
        const amount = ui.state('');
        ui.input('Amount', {
          value: amount,
          onChange: (text) => {
            amount.value = text.replace(/\D/g, '').replace(/\B(?=(\d{3})+$)/g, ',');
          },
        });
      },
    },
    '/',
    { latency: 300 },
  );
  for (const digit of '1234567') {
    user.find('Amount').type(digit);
    await user.advance(450);
  }
  await user.advance('5s');
  expect(user.find('Amount').value).toBe('1,234,567');
});

test.each([
  ['hello world', 5, '', ' world', 'the session has emptied the field'],
  ['hellow', 5, 'Hi ', 'Hi w', 'it has begun another text'],
  ['?!a', 2, '', 'a', 'also when nothing but signs was sent'],
  ['12345', 4, '1,234', '12345', 'it has only formatted the text'],
  ['abc d', 4, 'abc', 'abc d', 'it has trimmed the text'],
  ['hel', 2, 'hello', 'hel', 'it has completed the text'],
  ['Abc', 2, 'AB', 'Abc', 'it has changed the case'],
  ['abc', 0, 'x', 'abc', 'nothing of the text was there before'],
])('%j typed on from its first %i characters, which became %j, means %j: %s', (typed, base, now, meant) => {
  expect(typedOn(typed, base, now)).toBe(meant);
});

test.each([
  ['12,345', '12345', 5, 6],
  ['12,345', '12345', 2, 3],
  ['1,234,567', '1234567', 7, 9],
  ['12,345,678', '1,2345,678', 6, 6],
  ['ABC', 'abc', 1, 1],
  ['', 'abc', 2, 0],
  ['x abc', 'abc', 0, 2],
])('in %j, which was %j, the caret goes from %i to %i', (text, before, caret, expected) => {
  expect(caretIn(text, before, caret)).toBe(expected);
});

test('[BD1] one field that is too long to send holds up no other field, and is sent once it is shorter', async () => {
  using user = await open({
    '/': () => {
      const [long, short] = [ui.state(''), ui.state('')];
      ui.textarea('Long', { value: long });
      ui.input('Short', { value: short });
      ui.button('Ask', () => ui.notify(`${long.value.length} ${short.value}`));
    },
  });
  user.find('Long').fill('x'.repeat(limits.upFrame));
  user.find('Short').fill('typed');
  user.find('Ask').click();
  await user.settle();
  expect(user.notifications).toEqual(['0 typed']);
  await user.advance('10s');
  expect(user.browser.notices.filter((notice) => notice.startsWith('This is too long'))).toHaveLength(1);
  expect(String(user.find('Long').value)).toHaveLength(limits.upFrame);
  user.find('Long').fill('x'.repeat(1_000));
  user.find('Ask').click();
  await user.settle();
  expect(user.notifications).toEqual(['1000 typed']);
});

test.each([
  [{ isComposing: true, keyCode: 13 }, true],
  // Safari: the composition has ended, but its Enter comes after it.
  [{ isComposing: false, keyCode: 229 }, true],
  [{ isComposing: false, keyCode: 13 }, false],
])('an Enter with %j belongs to a composition: %s', (event, expected) => {
  expect(isComposing({ key: 'Enter', ...event } as KeyboardEvent)).toBe(expected);
});

test.each([
  '[1,2,"value","ab",3]',
  '[1,2,"value",5,1]',
  '[1,2,"value","ab",-1]',
  '[1,2,"value","ab",1,1]',
  '[1,2,"value","ab","1"]',
])('the frame %s has no possible base and is refused', (frame) => {
  expect(() => decodeUp(frame)).toThrow(/base/);
});
