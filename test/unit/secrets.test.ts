// A password is in the memory of the session and of the browser that it was typed into, and nowhere else.

import { describe, expect, test } from 'vitest';
import { type InputOptions, ui } from '../../src/elements/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const password = 'hunter2-correct-horse';

function page(options: InputOptions, bound: boolean, log: string[]) {
  return {
    '/': () => {
      const value = ui.state('');
      const field = ui.input('Password', { ...options, ...(bound && { value }) });
      ui.button('Log in', async () => {
        log.push(field.value);
        if (bound) expect(value.value).toBe(field.value);
        await run.ioBound(async () => 'known');
        ui.notify('Logged in');
      });
      ui.button('Clear', () => {
        field.value = '';
      });
    },
  };
}

function rows(user: User): string {
  const { store } = user.server;
  return JSON.stringify(store.pages().map(({ page }) => [page, store.cells(page)]));
}

async function typed(options: InputOptions, bound: boolean, log: string[] = []): Promise<User> {
  const user = await open(page(options, bound, log));
  user.find('Password').type(password);
  await user.advance('2s');
  return user;
}

describe.each([
  ['an input', false],
  ['an input that is bound to a state', true],
])('[MO9] a password of %s', (_, bound) => {
  test('is in no row and in no HTML, also after a click, a kill and a reload', async () => {
    using user = await typed({ password: true }, bound);
    const nowhere = async () => {
      expect(rows(user)).not.toContain('hunter2');
      const paint = await user.server.open('/', user.server.store.pages()[0]?.page);
      if (typeof paint === 'string' || !('tree' in paint)) throw new Error('The page is missing.');
      expect(JSON.stringify(paint) + renderTree(paint.tree)).not.toContain('hunter2');
    };
    expect(rows(user)).not.toContain('hunter2');
    user.find('Log in').click();
    await user.advance('10ms');
    expect(rows(user)).not.toContain('hunter2');
    await user.advance('2s');
    await nowhere();
    user.server.kill();
    await user.advance('5s');
    await nowhere();
  });

  test.each(['kill', 'evict'] as const)('reaches the handler of a click after a %s', async (how) => {
    const log: string[] = [];
    using user = await typed({ password: true }, bound, log);
    await user.advance('1m');
    user.server[how]();
    await user.advance('1m');
    user.find('Log in').click();
    await user.shouldSee('Logged in');
    expect(log).toEqual([password]);
    expect(user.find('Password').value).toBe(password);
  });

  test('is gone after a reload, in the field and for handlers', async () => {
    const log: string[] = [];
    using user = await typed({ password: true }, bound, log);
    await user.reload();
    expect(user.find('Password').value).toBe('');
    user.find('Log in').click();
    await user.shouldSee('Logged in');
    expect(log).toEqual(['']);
  });

  test('is emptied by a handler', async () => {
    const log: string[] = [];
    using user = await typed({ password: true }, bound, log);
    user.find('Clear').click();
    await user.settle();
    expect(user.find('Password').value).toBe('');
    user.find('Log in').click();
    await user.shouldSee('Logged in');
    expect(log).toEqual(['']);
  });

  test('is stored like any text where the author asks for it', async () => {
    using user = await typed({ password: true, stored: true }, bound);
    await user.reload();
    expect(user.find('Password').value).toBe(password);
    expect(rows(user)).toContain(password);
  });
});

test('a password stays in its field where it is typed before the browser has acknowledged the patch with the field', async () => {
  const log: string[] = [];
  using user = await open({
    '/': () => {
      const slot = ui.column();
      ui.button('Open', () =>
        slot.add(() => {
          const field = ui.input('Password', { password: true });
          ui.button('Log in', () => log.push(field.value));
        }),
      );
    },
  });
  user.find('Open').click();
  await user.shouldSee('Log in');
  user.find('Password').fill(password);
  await user.advance('3s');
  expect(user.find('Password').value).toBe(password);
  user.find('Log in').click();
  await user.settle();
  expect(log).toEqual([password]);
});

test('a listener of a password hears of each change once, and its row has no value', async () => {
  const heard: string[] = [];
  using user = await open({
    '/': () => {
      ui.input('Password', { password: true, onChange: (text) => heard.push(text) });
      ui.button('Ask');
      ui.button('Do', () => {});
    },
  });
  user.find('Password').fill('abc');
  await user.advance('1s');
  user.find('Do').click();
  user.find('Do').click();
  await user.settle();
  expect(heard).toEqual(['abc']);
});
