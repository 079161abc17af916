// The page of examples/script_executor. Its scripts run in test/workerd/script-executor.test.ts.
import { describe, expect, test } from 'vitest';
import { scriptExecutor } from '../../examples/script_executor/page.ts';
import { App } from '../../src/index.ts';
import { type OpenOptions, open, type User } from '../../src/testing/index.ts';

const app = new App();
app.page('/', scriptExecutor);

/** What the page had run, with the arguments. */
type Ran = [script: string, args: readonly string[]];

/** Writes the arguments, then waits for `until`; yields once a second meanwhile, as the real task. */
function scripts(clock: () => User['clock'], { loader = true, until = 0 } = {}) {
  const ran: Ran[] = [];
  const tasks = {
    hasLoader: () => loader,
    async *runScript(script: string, args: readonly string[]) {
      ran.push([script, args]);
      yield `ran ${args.join()}`;
      for (let second = 0; second < until; second++) {
        await new Promise<void>((resolve) => clock().after(1_000, resolve));
        yield undefined;
      }
      yield 'end';
      return { ok: true, text: 'Done.' };
    },
  };
  return { ran, SCRIPTS: tasks };
}

async function visit(given: Parameters<typeof scripts>[1] = {}, options: OpenOptions = {}) {
  const { ran, SCRIPTS } = scripts(() => user.clock, given);
  const user: User = await open(app, '/', { services: { SCRIPTS }, ...options });
  return { user, ran };
}

describe('EX script executor', () => {
  test('its three rows run hello, slow, and hello with the message, and a dialog shows the output', async () => {
    const { user, ran } = await visit();
    using _ = user;
    for (const name of ['Run hello', 'Run slow', 'Run hello "…"']) {
      user.find({ role: 'button', name }).click();
      await user.shouldSee('Done.');
      user.find('Close').click();
      await user.shouldNotSee('Close');
    }
    user.find({ kind: 'input' }).fill('you & me');
    user.find({ role: 'button', name: 'Run hello "…"' }).click();
    await user.shouldSee({ role: 'heading', name: 'hello "you & me"' });
    expect(ran.map(([script, args]) => [/console\.log\((.*)\)/.exec(script)?.[1], ...args])).toEqual([
      ['`Hello ${name}!`'],
      ["'This takes five seconds.'"],
      ['`Hello ${name}!`', 'Hi there'],
      ['`Hello ${name}!`', 'you & me'],
    ]);
  });

  test('a changed script runs again with the same arguments, and the row runs the original', async () => {
    const { user, ran } = await visit();
    using _ = user;
    user.find({ role: 'button', name: 'Run hello "…"' }).click();
    await user.shouldSee('Done.');
    user.find('Change the script').click();
    await user.shouldSee({ kind: 'codemirror' });
    user.find({ kind: 'codemirror' }).fill('changed');
    user.find('Run again').click();
    await user.advance('1s');
    user.find('Close').click();
    user.find({ role: 'button', name: 'Run hello' }).click();
    await user.advance('1s');
    expect(ran.map(([script, args]) => [script.slice(0, 7), args.join()])).toEqual([
      ['export ', 'Hi there'],
      ['changed', 'Hi there'],
      ['export ', ''],
    ]);
  });

  test('Stop ends the script, and another start replaces one that runs', async () => {
    const { user, ran } = await visit({ until: 30 });
    using _ = user;
    user.find({ role: 'button', name: 'Run slow' }).click();
    await user.shouldSee('Running...');
    user.find('Stop').click();
    await user.shouldSee('Stopped.');
    expect(user.find('Stop').enabled).toBe(false);
    user.find('Run again').click();
    await user.shouldSee('Running...');
    user.find('Run again').click();
    await user.shouldSee('Done.', { within: '40s' });
    expect(ran).toHaveLength(3);
  });

  test('a script that takes longer than a minute ends with a sentence', async () => {
    const { user } = await visit({ until: 120 });
    using _ = user;
    user.find({ role: 'button', name: 'Run slow' }).click();
    await user.advance('58s');
    await user.shouldSee('Running...');
    await user.shouldSee('It was ended: it took longer than a minute.', { within: '3s' });
  });

  test('reload and kills in the middle: the dialog stays, the script ends, and each line is there once', async () => {
    const { user } = await visit({ until: 20 });
    using _ = user;
    user.find({ role: 'button', name: 'Run hello "…"' }).click();
    await user.shouldSee('Running...');
    await user.reload();
    user.server.kill();
    await user.shouldSee('Done.', { within: '60s' });
    expect(user.find({ kind: 'log' }).props.lines).toEqual(['ran Hi there', 'end']);
  });

  test('another visitor sees neither output nor changes', async () => {
    const { user } = await visit({ until: 20 });
    using _ = user;
    user.find({ kind: 'input' }).fill('secret');
    user.find({ role: 'button', name: 'Run hello "…"' }).click();
    await user.shouldSee('Running...');
    const { user: other } = await visit({}, { beside: user });
    using __ = other;
    await other.shouldNotSee(/secret|Running/);
    other.find({ role: 'button', name: 'Run hello' }).click();
    await other.shouldSee('Done.');
    expect(other.find({ kind: 'log' }).props.lines).toEqual(['ran ', 'end']);
  });

  test('where there is no Worker Loader the page says so, and how to get one', async () => {
    const { user } = await visit({ loader: false });
    using _ = user;
    await user.shouldSee(/Worker Loader/);
    await user.shouldSee(/worker_loaders/);
    const { user: with_ } = await visit();
    using __ = with_;
    await with_.shouldNotSee(/worker_loaders/);
  });
});
