import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

interface Scene {
  /** Makes the page; what comes of the wait is pushed to the log. */
  readonly page: () => unknown;
  /** Does what ends the wait. */
  answer(user: User): unknown;
  /** What the log then says. */
  readonly said: string;
}

function page(wait: (lines: (line: string) => void) => (() => Promise<void>) | void) {
  return () => {
    const log = ui.log();
    ui.button('Other', () => log.push('other'));
    const handler = wait((line) => log.push(line));
    if (handler) ui.button('Go', handler);
  };
}

const scenes: Record<string, Scene> = {
  'ui.confirm': {
    page: page((say) => async () => {
      say('asking');
      say(`answer ${await ui.confirm('Delete it?')}`);
    }),
    answer: (user) => user.find('Delete it?').answer(true),
    said: 'answer true',
  },
  'ui.prompt': {
    page: page((say) => async () => {
      say('asking');
      say(`answer ${await ui.prompt('What is it called?', { value: 'Untitled' })}`);
    }),
    answer: (user) => user.find('What is it called?').answer('Board'),
    said: 'answer Board',
  },
  'button.clicked': {
    page: page((say) => {
      const next = ui.button('Next');
      return async () => {
        say('asking');
        await next.clicked();
        say('clicked');
      };
    }),
    answer: (user) => user.find('Next').click(),
    said: 'clicked',
  },
  'dialog.result, submitted': {
    page: page((say) => {
      const dialog = ui.dialog<{ size: number }>(() => {
        ui.button('Large', () => dialog.submit({ size: 3 }));
      });
      return async () => {
        say('asking');
        say(`answer ${(await dialog.result())?.size}`);
      };
    }),
    answer: (user) => user.find('Large').click(),
    said: 'answer 3',
  },
  'dialog.result, closed': {
    page: page((say) => {
      const dialog = ui.dialog(() => ui.label('Dialog'));
      return async () => {
        say('asking');
        say(`answer ${await dialog.result()}`);
      };
    }),
    answer: (user) => user.find({ kind: 'dialog' }).close(),
    said: 'answer undefined',
  },
  'dialog.result of a dialog in an item of each': {
    page: page((say) => {
      const items = ui.state([{ id: 7, text: 'seven' }]);
      ui.each(
        items,
        (item) => item.id,
        (item) => {
          const dialog = ui.dialog<string>(() => ui.button('Take it', () => dialog.submit(item.text)));
          ui.button('Go', async () => {
            say('asking');
            items.value = items.value.map((each) => ({ ...each, text: `${each.text}!` }));
            say(`answer ${await dialog.result()}`);
          });
        },
      );
    }),
    answer: (user) => user.find('Take it').click(),
    said: 'answer seven!',
  },
  'dialog.result of a dialog that the handler has made': {
    page: page((say) => async () => {
      say('asking');
      const dialog = ui.dialog<string>(() => ui.button('Fine', () => dialog.submit('fine')));
      say(`answer ${await dialog.result()}`);
    }),
    answer: (user) => user.find('Fine').click(),
    said: 'answer fine',
  },
  'run.event': {
    page: page((say) => async () => {
      say('asking');
      say(`answer ${JSON.stringify(await run.event('approved'))}`);
    }),
    answer: (user) => user.server.send('approved', { by: 'Ann' }),
    said: 'answer {"by":"Ann"}',
  },
  'run.sleep': {
    page: page((say) => async () => {
      say('asking');
      await run.sleep('3 days');
      say('slept');
    }),
    answer: () => {},
    said: 'slept',
  },
};

function lines(user: User): unknown {
  return user.find({ kind: 'log' }).props.lines;
}

describe.each(Object.entries(scenes))('a handler that waits for %s', (_, { page, answer, said }) => {
  test('goes on when that comes, and meanwhile nothing of it is in memory', async () => {
    using user = await open({ '/': page });
    user.find('Go').click();
    await user.advance('30s');
    expect(lines(user)).toEqual(['asking']);
    expect(user.server.whyAwake().filter((reason) => !/handlers built/.test(reason))).toEqual([]);
    answer(user);
    await user.advance(said === 'slept' ? '3 days' : '1s');
    expect(lines(user)).toEqual(['asking', said]);
    await user.advance('30s');
    expect([user.server.errors, user.server.store.due().filter(({ key }) => key === 'handlers')]).toEqual([[], []]);
  });

  test('[NF9] goes on after three days, two deploys, a kill, a sleep and a reload', async () => {
    using user = await open({ '/': page });
    user.find('Go').click();
    await user.advance('5s');
    user.server.deploy();
    await user.advance('20h');
    user.server.kill();
    await user.advance('20h');
    await user.reload();
    await user.advance('20h');
    user.server.deploy();
    await user.advance('11h');
    if (user.server.whyAwake().length === 0) user.server.evict();
    await user.advance('50m');
    expect(lines(user)).toEqual(['asking']);
    answer(user);
    await user.advance('10m');
    expect([lines(user), user.server.errors]).toEqual([['asking', said], []]);
    user.server.kill();
    await user.advance('1m');
    expect([lines(user), user.server.errors]).toEqual([['asking', said], []]);
    user.find('Other').click();
    await user.advance('1m');
    expect(lines(user)).toEqual(['asking', said, 'other']);
  });

  test('is answered by what comes first after a wake, before the handler has come to its wait again', async () => {
    using user = await open({ '/': page });
    user.find('Go').click();
    await user.advance('5s');
    user.cut();
    user.server.kill();
    answer(user);
    await user.advance('3 days');
    expect([lines(user), user.server.errors]).toEqual([['asking', said], []]);
  });
});
