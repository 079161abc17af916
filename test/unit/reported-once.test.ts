// A handler that has thrown and left code running: the code goes on after a restart, and the error is not reported again.

import { App, run, ui } from 'edgewise';
import { open } from 'edgewise/testing';
import { expect, test } from 'vitest';

test.each([
  [
    'at once',
    () => {
      throw new Error('Lost');
    },
  ],
  [
    'after an await',
    async () => {
      await run.sleep('1s');
      throw new Error('Lost');
    },
  ],
])(
  '[NB5] an error that a handler throws %s is reported once, although its code runs on through kills',
  async (_, fail) => {
    const app = new App();
    app.page('/', () => {
      const result = ui.label('Nothing');
      ui.button('Go', () => {
        void (async () => {
          await run.sleep('1m');
          result.text = 'Done';
        })();
        return fail();
      });
    });
    using user = await open(app);
    user.find('Go').click();
    await user.advance('10s');
    const reported = () => user.server.errors.map(String);
    expect(reported()).toEqual([expect.stringContaining('Lost')]);
    user.server.kill();
    await user.advance('10s');
    user.server.kill();
    await user.advance('2m');
    await user.shouldSee('Done');
    expect(reported()).toEqual([expect.stringContaining('Lost')]);
  },
);
