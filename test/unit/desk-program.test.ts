// A program of objects in a state, a list, questions and values changed in place, struck by the same harm four times.

import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { storage } from '../../src/stores/index.ts';
import { background, run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

interface Line {
  id: number;
  goods: string;
  count: number;
  notes: string[];
  state: string;
}
const ledger: string[] = [];
const book = async (what: string) => {
  ledger.push(what);
  return what.length;
};
const tally = storage.user.map<number>('tally');

function desk(version: number) {
  return () => {
    const lines = ui.state<Line[]>(
      [
        { id: 1, goods: 'tea', count: 1, notes: [], state: 'open' },
        { id: 2, goods: 'mug', count: 2, notes: ['blue'], state: 'open' },
      ],
      'lines',
    );
    const history = ui.list<{ id: number; text: string }>([], 'id');
    const seq = ui.state(0, 'seq');
    const early = ui.label('loading').props({ 'data-probe': 'early' });
    background.create(async () => {
      await run.ioBound(async () => 1);
      early.text = 'loaded';
    });
    if (version > 1) ui.badge(`v${version}`);
    const say = (text: string) => {
      history.add({ id: seq.value++, text });
    };
    const dialog = ui.dialog<string>(() => {
      ui.button('Wrap', () => dialog.submit('wrapped'), { key: 'w' });
      ui.button('Plain', () => dialog.submit('plain'), { key: 'p' });
    });
    ui.each(
      lines,
      ({ id }) => id,
      (line) => {
        ui.row(() => {
          ui.label(() => `${line.goods} x${line.count} ${line.state} [${line.notes.join('+')}]`);
          ui.button(`More ${line.goods}`, () => {
            line.count++;
            lines.value = [...lines.value];
          });
          ui.button(`Pay ${line.goods}`, async () => {
            line.state = 'asking';
            lines.value = [...lines.value];
            if (!(await ui.confirm(`Pay ${line.goods}?`))) {
              lines.value = lines.value.map((one) => (one.id === line.id ? { ...one, state: 'open' } : one));
              return;
            }
            lines.value = lines.value.map((one) => (one.id === line.id ? { ...one, state: 'paying' } : one));
            const length = await run.ioBound(book, `pay ${line.goods}`);
            const how = await dialog.result();
            lines.value = lines.value.map((one) =>
              one.id === line.id ? { ...one, state: `paid ${how}`, notes: [...one.notes, String(length)] } : one,
            );
            say(`${line.goods} ${how}`);
            tally.set(line.goods, (tally.get(line.goods) ?? 0) + 1);
            ui.navigate.to(`#${line.goods}`);
          });
        });
      },
    );
    ui.each(history, (one) => ui.label(`- ${one.text}`));
    ui.label(() => `tally ${[...tally.entries].map(([k, v]) => `${k}:${v}`).join(',')}`);
  };
}

const harms = {
  nothing: async (_: User) => {},
  kill: async (user: User) => {
    user.server.kill();
    await user.advance('20s');
  },
  evict: async (user: User) => {
    await user.advance('30s');
    try {
      user.server.evict();
    } catch {
      user.server.kill();
    }
    await user.advance('20s');
  },
  deploy: async (user: User) => {
    user.server.deploy({ '/': desk(2) });
    await user.advance('20s');
  },
  'kill and deploy': async (user: User) => {
    user.server.kill();
    user.server.deploy({ '/': desk(3) });
    user.server.kill();
    await user.advance('30s');
  },
  reload: async (user: User) => {
    await user.reload();
    await user.advance('5s');
  },
  cut: async (user: User) => {
    user.cut();
    await user.advance('15s');
  },
} as const;
const modes = { plain: {}, replay: { alwaysReplay: true }, evict: { alwaysEvict: true } } as const;

test.each(Object.keys(modes).flatMap((mode) => Object.keys(harms).map((harm) => [mode, harm] as const)))(
  '[EO1] a desk of orders ends as its clicks say (%s; each time: %s)',
  async (mode, harm) => {
    ledger.length = 0;
    using user = await open({ '/': desk(1) }, '/', modes[mode as keyof typeof modes]);
    const strike = () => harms[harm as keyof typeof harms](user);
    const words = () =>
      user
        .find({ kind: 'label' })
        .all.map((one) => one.text)
        .join('\n');
    user.find('More tea').click();
    await user.shouldSee('tea x2 open []');
    await strike();
    user.find('Pay mug').click();
    await user.shouldSee('Pay mug?');
    user.find('More tea').click();
    await strike();
    await user.advance('2s');
    user.find({ kind: 'confirm' }).answer(true);
    await user.shouldSee('mug x2 paying [blue]');
    await user.advance('1s');
    await strike();
    user.find('More mug').click();
    await user.advance('2s');
    user.find('Wrap').click();
    await user.advance('2s');
    await strike();
    await user.advance('40s');
    expect(words()).toContain('loaded');
    expect(words()).toContain('tea x3 open []');
    expect(words()).toMatch(/mug x3 paid wrapped \[blue\+7\]/);
    expect(words().match(/- mug wrapped/g)).toHaveLength(1);
    expect(words()).toContain('tally mug:1');
  },
);
