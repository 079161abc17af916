// Rules of controls, their messages, and forms that gather them.

import { describe, expect, test } from 'vitest';
import { type Form, ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const required = (text: string) => text !== '' || 'Please enter something';

function error(user: User, name: string): unknown {
  return user.find(name).props.error;
}

describe('rules', () => {
  test('the message of the first rule that a value breaks is shown, and goes when the value is right', async () => {
    using user = await open({
      '/': () => {
        ui.input('Name', { rules: [required, (text) => text.length > 2 || 'Too short', (text) => text !== 'bob'] });
      },
    });
    expect(error(user, 'Name')).toBe('');
    for (const [text, message] of [
      ['ab', 'Too short'],
      ['', 'Please enter something'],
      ['bob', 'This value is not valid.'],
      ['alice', ''],
    ]) {
      user.find('Name').fill(text as string);
      await user.advance('1s');
      expect(error(user, 'Name')).toBe(message);
    }
  });

  test.each([
    ['an object of messages', { 'Too short': (text: string) => text.length > 2 }],
    ['a function', (text: string) => (text.length > 2 ? undefined : 'Too short')],
    ['an async function', async (text: string) => (text.length > 2 ? null : 'Too short')],
    ['an object of async functions', { 'Too short': async (text: string) => text.length > 2 }],
  ])('validation takes %s, as in NiceGUI', async (_, validation) => {
    using user = await open({ '/': () => ui.input('Name', { validation }) });
    user.find('Name').fill('ab');
    await user.advance('1s');
    expect(error(user, 'Name')).toBe('Too short');
    user.find('Name').fill('abc');
    await user.advance('1s');
    expect(error(user, 'Name')).toBe('');
  });

  test('a slow answer about an earlier value never replaces the message of the newer value', async () => {
    using user = await open({
      '/': () => {
        ui.input('Name', {
          rules: [
            async (text) => {
              await run.sleep(text === 'a' ? '20s' : '10ms');
              return `about ${text}`;
            },
          ],
        });
      },
    });
    user.find('Name').fill('a');
    await user.advance('1s');
    user.find('Name').fill('b');
    await user.advance('5s');
    expect(error(user, 'Name')).toBe('about b');
    await user.advance('1m');
    expect(error(user, 'Name')).toBe('about b');
  });

  test('what was typed and its message are there after a kill, a deploy and a reload', async () => {
    const page = { '/': () => void ui.number('Age', { rules: [(age) => (age ?? 0) >= 18 || 'Too young'] }) };
    using user = await open(page);
    user.browser.emit(user.find('Age').node, 'value', 3);
    await user.advance('2s');
    for (const again of [() => user.server.kill(), () => user.server.deploy(page), () => user.reload()]) {
      await again();
      await user.advance('10s');
      expect([user.find('Age').value, error(user, 'Age')]).toEqual([3, 'Too young']);
    }
    user.browser.emit(user.find('Age').node, 'value', 30);
    await user.advance('2s');
    expect(error(user, 'Age')).toBe('');
  });

  test('a value that the program sets takes the message along, and an author can show any message', async () => {
    using user = await open({
      '/': () => {
        const name = ui.state('');
        const field = ui.input('Name', { value: name, rules: [(text) => text.length > 2 || 'Too short'] });
        const plain = ui.input('Plain');
        ui.button('Fill', () => {
          name.value = 'Alice';
        });
        ui.button('Refuse', () => {
          field.error = 'This name is taken';
          plain.error = 'No';
        });
        ui.button('Accept', () => {
          plain.error = undefined;
        });
      },
    });
    user.find('Name').fill('a');
    await user.advance('1s');
    expect(error(user, 'Name')).toBe('Too short');
    user.find('Fill').click();
    await user.settle();
    expect(error(user, 'Name')).toBe('');
    user.find('Refuse').click();
    await user.settle();
    expect([error(user, 'Name'), error(user, 'Plain')]).toEqual(['This name is taken', 'No']);
    user.find('Accept').click();
    await user.settle();
    expect(error(user, 'Plain')).toBeUndefined();
  });
});

describe('a form', () => {
  function page(saved: unknown[], whileRunning?: 'parallel') {
    return () => {
      const name = ui.state('');
      ui.form(
        (form) => {
          ui.input('Name', { value: name, rules: [required] });
          ui.show(
            () => name.value === 'company',
            () => void ui.input('Tax number', { rules: [required] }),
          );
          ui.checkbox('I agree', { rules: [(ticked) => ticked || 'You have to agree'] });
          ui.button('Save', undefined, { submit: true }).enable(() => form.valid);
          ui.button('Check', () => void form.validate());
          ui.button('Reset', () => form.reset());
          ui.label(() => (form.valid ? 'valid' : 'invalid'));
        },
        {
          onSubmit: async () => {
            saved.push(name.value);
            await run.sleep('5s');
          },
          ...(whileRunning && { whileRunning }),
        },
      );
    };
  }

  const submit = (user: User) => user.find({ kind: 'form' }).emit('submit');

  test('is valid when the rules of all its fields hold, also of those that come and go', async () => {
    using user = await open({ '/': page([]) });
    expect(user.sees('invalid')).toBe(true);
    expect(user.find('Save').enabled).toBe(false);
    expect(error(user, 'Name')).toBe('');
    user.find('Name').fill('Ada');
    user.find('I agree').click();
    await user.advance('1s');
    expect(user.sees('valid')).toBe(true);
    expect(user.find('Save').enabled).toBe(true);
    user.find('Name').fill('company');
    await user.advance('1s');
    user.find('I agree').click();
    user.find('I agree').click();
    await user.settle();
    expect(user.sees('invalid')).toBe(true);
    user.find('Tax number').fill('1');
    await user.advance('1s');
    expect(user.sees('valid')).toBe(true);
  });

  test('calls its handler only when all is right, shows each message, and ignores a second submission meanwhile', async () => {
    const saved: unknown[] = [];
    using user = await open({ '/': page(saved) });
    submit(user);
    await user.settle();
    expect(saved).toEqual([]);
    expect([error(user, 'Name'), error(user, 'I agree')]).toEqual(['Please enter something', 'You have to agree']);
    user.find('Name').fill('Ada');
    user.find('I agree').click();
    submit(user);
    submit(user);
    await user.settle();
    expect(saved).toEqual(['Ada']);
    await user.advance('10s');
    submit(user);
    await user.settle();
    expect(saved).toEqual(['Ada', 'Ada']);
  });

  test('is submitted in the test kit as in a browser: by its button, and by Enter unless the button is disabled', async () => {
    const saved: unknown[] = [];
    using user = await open({ '/': page(saved, 'parallel') });
    user.find('Name').fill('Ada').press('Enter');
    expect(() => user.find('Save').click()).toThrow('it is disabled');
    user.find('I agree').click();
    await user.settle();
    expect(saved).toEqual([]);
    user.find('Save').click();
    user.find('Name').press('Enter');
    user.find('I agree').press('Enter');
    await user.settle();
    expect(saved).toEqual(['Ada', 'Ada']);
  });

  test('gets its first values again by reset, also after a restart, and no message stays', async () => {
    using user = await open({ '/': page([]) });
    user.find('Name').fill('Ada');
    user.find('I agree').click();
    user.find('I agree').click();
    user.find('Check').click();
    await user.advance('2s');
    expect(error(user, 'I agree')).toBe('You have to agree');
    user.server.kill();
    await user.advance('10s');
    user.find('Reset').click();
    await user.settle();
    expect([user.find('Name').value, user.find('I agree').value]).toEqual(['', false]);
    expect([error(user, 'Name'), error(user, 'I agree')]).toEqual(['', '']);
  });

  test('waits for async rules before it calls its handler, also across a kill', async () => {
    const saved: unknown[] = [];
    using user = await open({
      '/': () => {
        let form: Form | undefined;
        ui.form(
          (own) => {
            form = own;
            ui.input('Name', {
              rules: [
                async (text) => {
                  await run.sleep('10s');
                  return text === 'Ada' ? 'This name is taken' : true;
                },
              ],
            });
          },
          { onSubmit: () => void saved.push('saved') },
        );
        ui.button('Submit', () => form?.submit());
      },
    });
    user.find('Name').fill('Ada');
    await user.advance('1s');
    submit(user);
    await user.advance('1m');
    expect([saved, error(user, 'Name')]).toEqual([[], 'This name is taken']);
    user.find('Name').fill('Grace');
    await user.advance('20s');
    submit(user);
    await user.advance('3s');
    user.server.kill();
    await user.advance('1m');
    expect(saved).toEqual(['saved']);
    user.find('Submit').click();
    await user.advance('1m');
    expect(saved).toEqual(['saved', 'saved']);
  });

  test.each([
    ['sleeps whenever it may', { alwaysEvict: true }],
    ['dies at each await', { alwaysReplay: true }],
    ['dies after each step', {}],
  ])('has all that was typed, its messages and its submission when the session %s', async (_, options) => {
    const saved: unknown[] = [];
    const taken = async (text: string) => {
      await run.sleep('15s');
      return text !== 'Ada' || 'This name is taken';
    };
    const build = () => {
      const name = ui.state('');
      const done = ui.state('nothing');
      ui.form(
        (form) => {
          ui.input('Name', { value: name, rules: [required, taken] });
          ui.textarea('Remarks');
          ui.number('Age', { rules: [(age) => (age ?? 0) >= 18 || 'Too young'] });
          ui.button('Save', undefined, { submit: true });
          ui.button('Reset', () => form.reset());
          ui.label(() => (form.valid ? 'valid' : 'invalid'));
        },
        {
          onSubmit: async () => {
            done.value = 'saving';
            await run.ioBound(async () => saved.push(name.value));
            await run.sleep('20s');
            done.value = `saved ${name.value}`;
          },
        },
      );
      ui.label(done);
    };
    using user = await open({ '/': build }, '/', options);
    const step = async (pause = '20s') => {
      await user.advance(pause as '20s');
      if (Object.keys(options).length === 0) user.server.kill();
      await user.advance('15s');
    };
    user.find('Remarks').fill('by phone\nat noon');
    user.find('Name').fill('Ada');
    await step('5s');
    await step();
    expect([user.find('Name').value, error(user, 'Name')]).toEqual(['Ada', 'This name is taken']);
    submit(user);
    await step('5s');
    await step();
    expect(error(user, 'Age')).toBe('Too young');
    expect([saved, user.sees('invalid'), user.sees('nothing')]).toEqual([[], true, true]);
    user.browser.emit(user.find('Age').node, 'value', 36);
    user.find('Name').fill('Grace');
    await step('5s');
    await step();
    expect([error(user, 'Name'), error(user, 'Age'), user.sees('valid')]).toEqual(['', '', true]);
    expect(user.find('Remarks').value).toBe('by phone\nat noon');
    submit(user);
    await step('25s');
    await step();
    await step();
    expect(user.sees('saved Grace')).toBe(true);
    // A call that was cut off is made again.
    expect(new Set(saved)).toEqual(new Set(['Grace']));
    user.find('Reset').click();
    await step();
    expect([user.find('Name').value, user.find('Remarks').value, user.find('Age').value]).toEqual(['', '', null]);
    expect(['Name', 'Age'].map((field) => error(user, field))).toEqual(['', '']);
    if ('alwaysEvict' in options) expect(user.server.evictions).toBeGreaterThan(3);
    expect(user.server.errors).toEqual([]);
  });
});

test('the browser is not asked for an event that a component sends of itself, so it comes once', async () => {
  const heard: string[] = [];
  using user = await open({
    '/': () => {
      ui.form(() => ui.button('Send', undefined, { submit: true }), { onSubmit: () => heard.push('option') })
        .on('submit', () => heard.push('listener'))
        .on('click', () => heard.push('click'));
    },
  });
  const form = user.find({ kind: 'form' });
  expect(form.props.on).toEqual({ click: 1 });
  user.find('Send').click();
  await user.advance('1s');
  expect(heard).toEqual(['option', 'listener']);
});

test('[WS6] form.valid knows of fields that come and go after it was read', async () => {
  using user = await open({
    '/': () => {
      const lines = ui.list<{ id: string }>([], 'id');
      const more = ui.state(false);
      ui.form((form) => {
        ui.button('Save', undefined, { submit: true }).enable(() => form.valid);
        ui.input('Name', { rules: [required] });
        ui.show(more, () => ui.input('Remark', { rules: [required] }));
        ui.each(lines, ({ id }) => ui.input(id, { rules: [required] }));
        // It reads what its own field is part of.
        ui.region(() => {
          ui.label(`${form.valid} ${more.value}`);
          ui.input('Note', { rules: [(text) => text !== 'bad'] });
        });
      });
      ui.switch('More', { value: more });
      ui.button('Add', () => void lines.add({ id: 'Line' }));
      ui.button('Remove', () => lines.clear());
    },
  });
  const saves = async (enabled: boolean) => {
    await user.advance('1s');
    expect(user.find('Save').enabled).toBe(enabled);
    await user.shouldSee(`${enabled} ${user.find('More').value}`);
  };
  await saves(false);
  user.find('Name').fill('Ada');
  await saves(true);
  for (const [act, enabled] of [
    ['More', false],
    ['More', true],
    ['Add', false],
    ['Remove', true],
  ] as const) {
    user.find(act).click();
    await saves(enabled);
  }
  user.find('Note').fill('bad');
  await saves(false);
  user.find('Note').fill('good');
  await saves(true);
  expect(user.server.errors).toEqual([]);
  expect(user.server.log.filter(({ level }) => level !== 'info')).toEqual([]);
});
