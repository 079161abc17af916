// Handlers that are open while another version of the application is deployed.

import { describe, expect, test } from 'vitest';
import { type Dialog, ui } from '../../src/elements/index.ts';
import type { State } from '../../src/reactive/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const tasks = run.tasks<{ work(x: unknown): Promise<unknown> }>('COMPUTE');

/** A compute service whose calls end when a test says so. */
function held() {
  const waiting: ((value: unknown) => void)[] = [];
  return {
    services: { COMPUTE: { work: () => new Promise((resolve) => waiting.push(resolve)) } },
    finish: (value: unknown) => {
      for (const done of waiting.splice(0)) done(value);
    },
  };
}

/** Opens a page, clicks "Go", deploys another version of the page while the handler waits, and lets its task end. */
async function across(before: () => void, after: () => void, from = 'Go'): Promise<User> {
  const compute = held();
  const user = await open({ '/': before }, '/', { services: compute.services as never });
  user.find(from).click();
  await user.advance('2s');
  user.server.deploy({ '/': after });
  user.server.kill();
  await user.advance('12s');
  compute.finish('result');
  await user.advance('12s');
  return user;
}

const interruptions = (user: User) => user.server.errors.map(String).filter((text) => /Interrupted/.test(text));

describe('a handler that a deploy meets in the middle', () => {
  const page = (go: (out: { value: string }) => Promise<void>) => () => {
    const out = ui.state('', 'out');
    ui.label(() => `out ${out.value}`);
    ui.button('Go', () => go(out));
  };

  test('runs a call that was added after those that were recorded', async () => {
    using user = await across(
      page(async (out) => {
        out.value = String(await run.cpuBound(tasks.work, 1));
      }),
      page(async (out) => {
        out.value = String(await run.cpuBound(tasks.work, 1));
        out.value += await run.ioBound(async () => ' and more');
      }),
    );
    expect(interruptions(user)).toEqual([]);
    await user.shouldSee('out result and more');
  });

  test('skips a call in a patched branch that it had passed', async () => {
    const first = async () => 'first';
    using user = await across(
      page(async (out) => {
        out.value = await run.ioBound(first);
        out.value += await run.cpuBound(tasks.work, 1);
      }),
      page(async (out) => {
        if (run.patched('greet')) out.value = await run.ioBound(async () => 'hello');
        out.value = await run.ioBound(first);
        out.value += await run.cpuBound(tasks.work, 1);
      }),
    );
    expect(interruptions(user)).toEqual([]);
    await user.shouldSee('out firstresult');
  });

  test('[NF5] continues when the new version writes another text before its wait, and what it wrote stays', async () => {
    const lines = (word: string) => () => {
      const [out, log] = [ui.state('', 'out'), ui.list<string>([], undefined, 'log')];
      ui.label(() => `out ${out.value} ${[...log].join('+')}`);
      const status = ui.label('idle');
      ui.button('Go', async () => {
        out.value = word;
        log.add(word);
        status.text = word;
        await run.cpuBound(tasks.work, 1);
        out.value += ` and ${word}`;
      });
    };
    using user = await across(lines('sent'), lines('handed in'));
    expect(interruptions(user)).toEqual([]);
    await user.shouldSee('out sent and handed in sent');
    await user.shouldSee('sent');
  });

  test('makes a call in a patched branch that it has not reached, and the same again after another kill', async () => {
    const compute = held();
    const after = page(async (out) => {
      out.value = String(await run.cpuBound(tasks.work, 1));
      if (run.patched('check')) out.value += await run.ioBound(async () => ' checked');
      out.value += await run.cpuBound(tasks.work, 2);
    });
    using user = await open(
      {
        '/': page(async (out) => {
          out.value = String(await run.cpuBound(tasks.work, 1));
          out.value += await run.cpuBound(tasks.work, 2);
        }),
      },
      '/',
      { services: compute.services as never },
    );
    user.find('Go').click();
    await user.advance('2s');
    user.server.deploy({ '/': after });
    user.server.kill();
    await user.advance('12s');
    compute.finish('one');
    await user.advance('2s');
    user.server.kill();
    await user.advance('12s');
    compute.finish(' two');
    await user.advance('12s');
    expect(interruptions(user)).toEqual([]);
    await user.shouldSee('out one checked two');
  });

  test('does not take the recorded result of another function in the same place', async () => {
    using user = await across(
      page(async (out) => {
        const price = await run.ioBound(async () => 'the price');
        out.value = `${price} ${await run.cpuBound(tasks.work, 1)}`;
      }),
      page(async (out) => {
        const secret = await run.ioBound(async () => 'the secret');
        out.value = `${secret} ${await run.cpuBound(tasks.work, 1)}`;
      }),
    );
    expect(interruptions(user)).toEqual([
      expect.stringMatching(
        /its call 1 was run\.ioBound\(\) and now runs other code\..* The run began in build ".+", and this is build ".+": .*run\.patched\('name'\)\.$/,
      ),
    ]);
    expect(user.sees('the price')).toBe(false);
  });

  test('says which call it was and which it is now', async () => {
    const load = async () => 'loaded';
    const save = async () => 'saved';
    using user = await across(
      page(async (out) => {
        out.value = await run.ioBound(load);
        out.value += await run.cpuBound(tasks.work, 1);
      }),
      page(async (out) => {
        out.value = await run.ioBound(save);
        out.value += await run.cpuBound(tasks.work, 1);
      }),
    );
    expect(interruptions(user)).toEqual([
      expect.stringContaining('its call 1 was run.ioBound(load) and is now run.ioBound(save).'),
    ]);
  });

  test('is offered to be started again when it was interrupted, also after another kill', async () => {
    using user = await across(
      page(async (out) => {
        out.value = await run.ioBound(async () => 'old ');
        out.value += await run.cpuBound(tasks.work, 1);
      }),
      page(async (out) => {
        out.value = await run.ioBound(async () => 'new');
      }),
    );
    expect(interruptions(user)).toHaveLength(1);
    user.server.kill();
    await user.advance('3s');
    const notice = user.find({ kind: 'notification' }).node;
    expect(notice.props.action).toBe('Start again');
    user.browser.emit(notice, 'action');
    await user.advance('1s');
    await user.shouldSee('out new');
    expect(user.notifications).toEqual([]);
  });
});

describe('a handler that waits for a dialog when a deploy gives it another one', () => {
  const page = (dialogOf: () => Dialog<string>) => () => {
    const out = ui.state('', 'out');
    ui.label(() => `out ${out.value}`);
    const ask = dialogOf();
    ui.button('Go', async () => {
      out.value = `${await ask.result()}`;
      out.value += await ask.result({ timeout: '1d' });
    });
  };
  const ask = (options?: { key?: string; value?: State<boolean> }) => {
    const made: Dialog<string> = ui.dialog<string>(() => void ui.button('Yes', () => made.submit('yes ')), options);
    return made;
  };
  const inColumn = () => {
    let made: Dialog<string> | undefined;
    ui.column(() => {
      made = ask();
    });
    return made as Dialog<string>;
  };

  test.each<[what: string, before: () => Dialog<string>, after: () => Dialog<string>]>([
    ['in another place', () => ask(), inColumn],
    ['of another name', () => ask({ key: 'ask' }), () => ask({ key: 'question' })],
    [
      'whose state has another name',
      () => ask({ value: ui.state(false, 'shown') }),
      () => ask({ value: ui.state(false, 'open') }),
    ],
  ])('[NF9] opens the one %s, and hears its answer', async (_what, before, after) => {
    for (const answered of [0, 1]) {
      using user = await open({ '/': page(before) });
      user.find('Go').click();
      await user.advance('1s');
      if (answered === 1) user.find('Yes').click();
      await user.advance('1s');
      user.server.deploy({ '/': page(after) });
      user.server.kill();
      await user.advance('3s');
      user.server.kill();
      for (let asked = answered; asked < 2; asked++) {
        await user.shouldSee('Yes');
        user.find('Yes').click();
        await user.advance('1s');
      }
      await user.shouldSee('out yes yes');
      await user.shouldNotSee('Yes');
      expect(user.server.errors).toEqual([]);
    }
  });

  test('[NF9] opens none when its time was over or it was answered before', async () => {
    using user = await open({
      '/': page(() => ask()),
    });
    user.find('Go').click();
    await user.advance('1s');
    user.find('Yes').click();
    await user.advance('1s');
    user.server.stop();
    await user.advance('2d');
    user.server.deploy({ '/': page(inColumn) });
    await user.advance('3s');
    await user.shouldNotSee('Yes');
    expect(user.server.errors.map(String)).toEqual([expect.stringMatching(/^TimeoutError/)]);
  });
});

test('a thousand open handlers continue through a deploy that adds a call at the end and one in a patched branch', async () => {
  const rows = Array.from({ length: 250 }, (_, id) => id);
  const page = (go: () => Promise<void>) => () => {
    const ended = ui.state(0, 'ended');
    ui.label(() => `ended ${ended.value}`);
    for (const id of rows) {
      ui.button(`Go ${id}`, async () => {
        await go();
        ended.value++;
      });
    }
  };
  const before = page(async () => void (await run.event('answer')));
  const after = page(async () => {
    await run.event('answer');
    if (run.patched('check')) await run.ioBound(async () => 'checked');
    await run.ioBound(async () => 'end');
  });
  for (let session = 0; session < 4; session++) {
    using user = await open({ '/': before });
    for (const node of user.browser.root.children.filter(({ kind }) => kind === 'button'))
      user.browser.emit(node, 'click');
    await user.advance('2s');
    user.server.deploy({ '/': after });
    user.server.kill();
    await user.advance('20s');
    const sent = user.server.send('answer', 'yes');
    await user.advance('20s');
    await sent;
    expect(interruptions(user)).toEqual([]);
    expect(user.sees('ended 250')).toBe(true);
  }
});
