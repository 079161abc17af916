// The application of the browser tests: one page for each thing that a browser can get wrong.
import { App, batch, CancelledError, type FileRef, type PageContext, redirect, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

interface Bindings {
  /** Address of the test's own web server; `/gate/NAME` answers when the test wants it. */
  readonly OUTSIDE: string;
}

type Context = PageContext<string, Bindings>;

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const missing = run.tasks<typeof Tasks>('NOT_BOUND');
const app = new App<{ Bindings: Bindings }>({ title: 'Under test' });

/** Waits until the test opens the gate. */
async function gate({ env }: Context, name: string): Promise<void> {
  await run.ioBound(async () => {
    const response = await fetch(`${env.OUTSIDE}/gate/${name}`, { signal: run.signal ?? null });
    await response.text();
  });
}

app.page('/questions', () => {
  const out = ui.label('Nothing yet');
  ui.button('Delete', async () => {
    out.text = `Deleted: ${await ui.confirm('Delete the order?', { danger: true })}`;
  });
  ui.button('Rename', async () => {
    out.text = `Name: ${await ui.prompt('What is it called?', { value: 'Untitled' })}`;
  });
  const dialog = ui.dialog<string>(() => {
    ui.button('Large', () => dialog.submit('large'));
  });
  ui.button('Choose', async () => {
    out.text = `Size: ${await dialog.result()}`;
  });
});

app.page('/counter', (page) => {
  page.title = 'Counter';
  const count = ui.state(0);
  ui.label(() => `Count: ${count.value}`);
  ui.button('Add', () => {
    count.value++;
  });
  ui.link('Autofocus', '/autofocus');
  const imperative = ui.label('Never set');
  ui.button('Set', () => {
    imperative.text = `Set at ${count.value}`;
  });
  const name = ui.input('Name');
  ui.label(() => `Query: ${page.query.get('q') ?? 'none'}`);
  ui.button('Read', () => {
    imperative.text = `Name: ${name.value}`;
  });
  ui.link('Away', '/elements');
});

app.page('/early', () => {
  const said = ui.state<string[]>([]);
  const say = (text: string) => {
    said.value = [...said.value, text];
  };
  ui.label(() => `Said: ${said.value.join(', ')}`);
  ui.button('Send', () => say('sent'), { icon: 'send' });
  ui.card(() => ui.label('A card')).on('click', () => say('card'));
  ui.checkbox('Box').onChange(({ value }) => say(`box ${value}`));
  ui.form(
    () => {
      ui.input('Text');
      ui.button('Submit', undefined, { submit: true });
    },
    { onSubmit: () => say('form') },
  );
  ui.row(() => {
    ui.button('In a row', () => say('row'));
    ui.menu(() => ui.menuItem('Of the row'));
  });
});

app.page('/shop/*', (page) => {
  const clicks = ui.state(0);
  ui.row(() => {
    ui.link('Start', '/shop');
    ui.link('Old', '/shop/old');
    ui.button('Add', () => {
      clicks.value++;
    });
  });
  ui.label(() => `Count: ${clicks.value}`);
  ui.label(() => `At ${page.path}`);
  ui.subPages({
    '/': () => {
      ui.input('Search');
      for (let line = 0; line < 60; line++) ui.label(`Line ${line}`, { key: line });
      ui.link('Item 7', '/shop/item/7');
    },
    '/item/:id': ({ params }) => {
      ui.heading(`Item ${params.id}`);
      ui.input('Note');
    },
    '/old': () => {
      throw redirect('/shop/item/1');
    },
  });
});

app.page('/focus', (page: Context) => {
  const rows = ui.state([1, 2, 3]);
  const saving = ui.state(false);
  ui.label(() => `Visitor: ${page.locale} ${page.timeZone}`);
  ui.each(
    rows,
    (row) => row,
    (row) => {
      ui.button(`Delete ${row}`, () => {
        rows.value = rows.value.filter((one) => one !== row);
      });
    },
  );
  ui.button('Save', async () => {
    saving.value = true;
    await gate(page, 'save');
    saving.value = false;
  }).enable(() => !saving.value);
  const name = ui.input('Name', { value: 'Ada' });
  ui.button('Select', () => name.select());
});

app.page('/untouched', () => {
  const heard = ui.state(0);
  const hear = { onChange: () => void heard.value++ };
  ui.select(['A', 'B'], { label: 'Team', value: '', ...hear });
  ui.input('Lines', { value: 'one\ntwo', ...hear });
  ui.input('Mail', { value: ' a@example.com ', type: 'email', ...hear });
  ui.button('Ask', () => ui.notify(`Heard ${heard.value}`));
});

app.page('/autofocus', () => {
  ui.input('First');
  ui.input('Wanted', { autofocus: true });
  const dialog = ui.dialog(() => {
    ui.input('Not this');
    ui.input('In the dialog', { autofocus: true });
  });
  ui.button('Open', () => dialog.open());
});

/** Every control with a value of which the browser makes another one by itself. */
app.page('/controls-untouched', () => {
  const heard = ui.state<string[]>([]);
  const hear = (name: string) => ({ key: name, onChange: () => void (heard.value = [...heard.value, name]) });
  ui.input('Lines', { value: 'one\ntwo', ...hear('input') });
  ui.input('Mail', { value: ' a@example.com ', type: 'email', ...hear('mail') });
  ui.textarea('Text', { value: '\r\none\r\ntwo', ...hear('textarea') });
  ui.number('Number', { value: 1.005, format: '%.2f', min: 2, ...hear('number') });
  ui.select(['A', 'B'], { label: 'Team', value: '', ...hear('select') });
  ui.select(['A', 'B'], { label: 'Teams', multiple: true, value: ['C'], ...hear('multiple') });
  ui.radio(['A', 'B'], { label: 'Radio', value: 'C', ...hear('radio') });
  ui.toggle(['A', 'B'], { label: 'Toggle', value: 'C', ...hear('toggle') });
  ui.slider({ label: 'Slider', min: 10, max: 20, step: 4, value: 99, ...hear('slider') });
  ui.range({ label: 'Range', min: 10, max: 20, step: 4, value: [0, 99], ...hear('range') });
  ui.knob(99, { label: 'Knob', min: 0, max: 10, ...hear('knob') });
  ui.date('Date', { value: 'soon', ...hear('date') });
  ui.date('Dates', { range: true, value: ['soon', 'later'], ...hear('dates') });
  ui.time('Time', { value: '8', ...hear('time') });
  ui.colorInput('Colour', { value: 'red', ...hear('colorInput') });
  ui.colorPicker({ label: 'Picker', value: 'red', ...hear('colorPicker') });
  ui.rating({ label: 'Stars', value: 9, ...hear('rating') });
  ui.button('Ask', () => ui.notify(`Heard: ${heard.value.join(', ') || 'nothing'}`, { timeout: 0 }));
});

app.page('/controls', () => {
  const said: Record<string, () => unknown> = {};
  const say = <T>(name: string, initial: T) => {
    const value = ui.state<T>(initial, name);
    said[name] = () => value.value;
    return value;
  };
  ui.input('Input', { value: say('input', ''), clearable: true });
  ui.textarea('Textarea', { value: say('textarea', '') });
  ui.number('Number', { value: say<number | null>('number', null), min: 10, max: 99, precision: 1, format: '%.2f' });
  ui.checkbox('Checkbox', { value: say('checkbox', false) });
  ui.switch('Switch', { value: say('switch', false) });
  ui.select(
    [
      [1, 'One'],
      [2, 'Two'],
    ],
    { label: 'Select', value: say('select', 1) },
  );
  ui.select(['Apple', 'Banana', 'Cherry'], {
    label: 'Fruits',
    value: say<string[]>('fruits', []),
    multiple: true,
    newValues: true,
  });
  ui.select(['Austria', 'Belgium'], {
    label: 'Country',
    value: say<string | null>('country', null),
    withInput: true,
    clearable: true,
  });
  ui.radio(['a', 'b'], { label: 'Radio', value: say<string | null>('radio', null) });
  ui.toggle(['a', 'b'], { label: 'Toggle', value: say<string | null>('toggle', null), clearable: true });
  ui.slider({ label: 'Slider', value: say('slider', 50) });
  ui.range({ label: 'Range', value: say<readonly [number, number]>('range', [20, 80]) });
  ui.date('Date', { value: say('date', '') });
  ui.time('Time', { value: say('time', '') });
  ui.colorInput('Colour', { value: say('colour', '') });
  ui.inputChips('Chips', { value: say<readonly string[]>('chips', []) });
  ui.rating({ label: 'Stars', value: say<number | null>('stars', null) });
  ui.pagination(1, 9, { value: say('page', 1) });
  ui.dropdownButton('More', () => void ui.button('Pick', () => ui.notify('Picked')));
  const shown = ui.label(() =>
    JSON.stringify(Object.fromEntries(Object.entries(said).map(([name, value]) => [name, value()]))),
  );
  shown.props({ id: 'said' });
});

app.page('/controls-typing', () => {
  const amount = ui.state('');
  ui.input('Amount', {
    value: amount,
    onChange: (text) => {
      amount.value = text.replace(/\D/g, '').replace(/\B(?=(\d{3})+$)/g, ',');
    },
  });
  const draft = ui.state('');
  const sent = ui.state<string[]>([]);
  ui.input('Message', {
    value: draft,
    onEnter: () => {
      sent.value = [...sent.value, draft.value];
      draft.value = '';
    },
  });
  ui.label(() => `Sent: ${JSON.stringify(sent.value)}`);
});

app.page('/controls-form', () => {
  ui.form(
    (form) => {
      ui.input('First', { rules: [(text) => text.length > 2 || 'Too short'] });
      ui.input('Second', { rules: [async (text) => text !== '' || 'Missing'] });
      ui.input('Password', { password: true, passwordToggleButton: true });
      ui.button('Send', undefined, { submit: true });
      ui.button('Reset', () => form.reset());
    },
    { onSubmit: () => ui.notify('Sent', { timeout: 0 }) },
  );
});

app.page('/elements', () => {
  ui.label('A label\nof two lines').classes('text-lg');
  ui.label('');
  ui.row(() => {
    ui.button('Plain', () => ui.notify('Plain was clicked'));
    ui.button('Long', () => ui.notify(`A long message: ${'word '.repeat(60)}`, { timeout: 0 }));
    ui.button('Ghost', () => ui.notify('A warning', { type: 'warning', timeout: 0 }), { variant: 'ghost' });
    ui.button('Disabled', () => ui.notify('This cannot be')).enable(false);
    ui.button('Hidden', () => ui.notify('This cannot be')).show(false);
  });
  ui.input('With a label', { value: 'text' });
  ui.input('', { placeholder: 'Without one' });
  ui.input('Read only', { value: 'fixed', readOnly: true });
  ui.input('Secret', { type: 'password' });
  const ticked = ui.checkbox('Tick me');
  ui.label(() => 'Nothing reads the box');
  const ticks = ui.state(false);
  ui.checkbox('Bound', { value: ticks });
  ui.label(() => `Bound is ${ticks.value}`);
  const choice = ui.state('Two');
  ui.select(['One', 'Two', 'Three'], { label: 'Choose', value: choice });
  ui.select({ a: 'First', b: 'Second' });
  ui.label(() => `Chosen: ${choice.value}`);
  ui.link('A link', '/counter');
  ui.link('Elsewhere', 'https://example.com/', { newTab: true });
  ui.card(() => {
    ui.column(() => {
      ui.label('In a card');
      ui.progress(0.25);
      ui.progress(null);
      ui.progress(1);
      ui.progress(0.5, { label: false });
      ui.spinner({ label: 'Working' });
    });
  });
  ui.image(
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='64' height='32'%3E%3Crect width='64' height='32' fill='%23888'/%3E%3C/svg%3E",
    { alt: 'A grey box' },
  );
  ui.log({ max: 3 }).push('one', 'two', 'three', 'four');
  const dialog = ui.dialog(
    () => {
      ui.label('In the dialog');
      ui.input('Inside');
      ui.button('Close it', () => dialog.close());
    },
    { label: 'A question' },
  );
  ui.button('Open the dialog', () => dialog.open());
  const tabs = ui.tabs({
    Mails: () => ui.label('No mails'),
    Alarms: () => ui.label('No alarms'),
    Films: () => ui.input('A film'),
  });
  ui.label(() => `Styled`)
    .style('color: rgb(255, 0, 0)')
    .props({ title: 'A title', 'aria-label': 'Styled label' });
  const state = ui.label('');
  ui.button('Show what is set', () => {
    state.text = `box ${ticked.value}, tab ${tabs.value}, dialog ${dialog.value}`;
  });
});

app.page('/list', () => {
  const items = ui.state(['a', 'b', 'c', 'd', 'e']);
  const made = ui.state(0);
  ui.row(() => {
    ui.button('Reverse', () => {
      items.value = [...items.value].reverse();
    });
    ui.button('Rotate', () => {
      const [first = '', ...rest] = items.value;
      items.value = [...rest, first];
    });
    ui.button('Insert', () => {
      batch(() => {
        made.value++;
        items.value = [...items.value.slice(0, 2), `new ${made.value}`, ...items.value.slice(2)];
      });
    });
    ui.button('Remove', () => {
      items.value = items.value.filter((_, index) => index !== 1);
    });
  });
  ui.column(() => {
    ui.each(
      items,
      (item) => item,
      (item) => {
        ui.row(() => {
          ui.label(`Item ${item}`);
          ui.input(`Note ${item}`);
        });
      },
    );
  });
  ui.label(() => `Order: ${items.value.join(' ')}`);
});

app.page('/typing', (page) => {
  const field = ui.input('Field');
  const heard = ui.label('Heard:');
  field.onChange(({ value }) => {
    heard.text = `Heard: ${value}`;
  });
  const shout = ui.input('Loud');
  shout.onChange(({ value }) => {
    shout.value = value.toUpperCase();
  });
  ui.input('Entered', {
    onEnter: ({ sender }) => {
      heard.text = `Entered: ${sender.value}`;
      sender.value = '';
    },
  });
  ui.button('Set it later', async () => {
    await gate(page as Context, 'set');
    field.value = 'from the session';
    ui.notify('The session has set it');
  });
  ui.button('Set it now', () => {
    field.value = 'at once';
  });
  const lines = ui.log();
  field.on('keydown.escape', () => lines.push('escape'));
  for (let line = 0; line < 60; line++) ui.label(`Line ${line}`);
  ui.input('Far below');
});

app.page('/policies', (page) => {
  const lines = ui.log();
  for (const whileRunning of ['parallel', 'ignore', 'queue', 'restart'] as const) {
    let runs = 0;
    ui.button(
      whileRunning,
      async () => {
        const number = ++runs;
        lines.push(`${whileRunning} ${number} starts`);
        await gate(page as Context, `${whileRunning}-${number}`);
        lines.push(`${whileRunning} ${number} ends`);
      },
      { whileRunning },
    );
  }
  const count = ui.state(0);
  ui.button('Meanwhile', () => {
    count.value++;
  });
  ui.label(() => `Meanwhile: ${count.value}`);
});

app.page('/slots', (page) => {
  for (const side of ['left', 'right']) {
    ui.card(() => {
      ui.label(`The ${side} card`);
      ui.button(`Build ${side}`, async () => {
        ui.label(`${side}: before`);
        await gate(page as Context, side);
        ui.label(`${side}: after`);
        await Promise.resolve();
        ui.column(() => ui.label(`${side}: nested`));
      });
    }).props({ 'data-side': side });
  }
  const doomed = ui.column(() => ui.label('To be deleted'));
  ui.button('Delete', () => doomed.delete());
  const pot = ui.column(() => ui.label('In the pot'));
  ui.button('Clear', () => pot.clear());
  ui.button('Fill', () => pot.add(() => ui.label('Filled')));
  ui.button('Late write', async () => {
    const brief = ui.label('Brief');
    await gate(page as Context, 'late');
    brief.delete();
    brief.text = 'nobody sees this';
    ui.label('Still fine');
  });
});

app.page('/errors', (page) => {
  const count = ui.state(0);
  ui.label(() => `Good: ${count.value}`);
  ui.button('Good', () => {
    count.value++;
  });
  ui.button('Throw', () => {
    throw new Error('thrown at once');
  });
  ui.button('Throw later', async () => {
    await gate(page as Context, 'throw');
    throw new RangeError('thrown later');
  });
  ui.button('Half', () => {
    count.value += 10;
    throw new Error('thrown in the middle');
  });
  const broken = ui.state(false);
  ui.label(() => {
    if (broken.value) throw new Error('thrown while computing');
    return 'Computed';
  });
  ui.button('Break', () => {
    broken.value = true;
  });
  ui.timer('20ms', () => {
    if (count.value === 5) {
      count.value = 6;
      throw new Error('thrown by a timer');
    }
  });
});

app.page('/jobs', () => {
  const count = ui.state(0);
  ui.label(() => `Clicks: ${count.value}`);
  ui.button('Click', () => {
    count.value++;
  });
  const result = ui.label('Result: none');
  const bar = ui.progress(0);
  const seen = ui.log();
  let stop: (() => void) | undefined;
  const attempt = (work: () => Promise<unknown>) => async () => {
    result.text = 'Result: waiting';
    try {
      result.text = `Result: ${await work()}`;
    } catch (error) {
      const { name, message } = error as Error;
      result.text = error instanceof CancelledError ? 'Result: cancelled' : `Result: ${name}: ${message}`;
    }
  };
  ui.button(
    'Sum',
    attempt(async () => run.cpuBound(tasks.sum, 100)),
  );
  ui.button(
    'Large sum',
    attempt(async () => run.cpuBound(tasks.sum, 1_500)),
  );
  ui.button(
    'Endless',
    attempt(async () => {
      const job = run.cpuBound(tasks.endless, 'endless');
      stop = () => job.cancel();
      bar.value = job.progress;
      for await (const line of job.chunks) seen.push(line);
      return job;
    }),
  );
  ui.button('Stop', () => stop?.());
  ui.button(
    'Not bound',
    attempt(async () => run.cpuBound(missing.sum, 1)),
  );
});

app.page('/opened/:id', (page) => {
  ui.label(`Opened ${page.params.id}`);
  ui.link('Next', `/opened/${Number(page.params.id) + 1}`);
  const count = ui.state(0);
  ui.label(() => `Count: ${count.value}`);
  ui.button('Add', () => {
    count.value++;
  });
});

app.page('/files', () => {
  const said = ui.state<string[]>([]);
  const last = ui.state<FileRef | undefined>(undefined);
  const say = (line: string) => {
    said.value = [...said.value, line];
  };
  ui.upload({
    label: 'Files',
    multiple: true,
    autoUpload: true,
    maxFileSize: 8_000_000,
    onUpload: async ({ file }) => {
      const sum = (await file.bytes()).reduce((total, byte) => (total * 31 + byte) % 65_521, 0);
      last.value = file;
      say(`${file.name}: ${file.size} bytes, sum ${sum}`);
    },
    onRejected: ({ reason }) => say(reason),
  });
  ui.image(() => last.value ?? 'data:image/gif;base64,R0lGODlhAQABAAAAACw=', { alt: 'The last file' });
  ui.button('Save', () => last.value && ui.download(last.value));
  ui.each(said, String, (line) => ui.label(line));
});

app.page('/slow-build', async (page) => {
  await gate(page as Context, 'build');
  ui.label('Built');
});

app.get('/sign-out', async (c) => {
  await app.revoke(c);
  await fetch(`${c.env.OUTSIDE}/gate/sign-out`);
  c.header('Set-Cookie', 'signed=out; Path=/');
  return c.text('Signed out');
});

app.page('/account', () => {
  ui.label('Signed in');
  ui.link('Sign out', '/sign-out');
});

app.page('/fails', () => {
  throw new Error('this page cannot be built', { cause: new RangeError('the reason') });
});

export default app;
export const Session = app.Session;
