import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import { App } from '../../src/app/index.ts';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, TestServer, VirtualClock } from '../../src/testing/index.ts';

const tasks = {
  *count(to: number) {
    for (let step = 0; step < to; step++) yield step / to;
    return to;
  },
  double: (number: number) => number * 2,
};
const compute = run.tasks<typeof tasks>('COMPUTE');

const app = new App()
  .page('/', () => {
    const name = ui.state('');
    const greeting = ui.label('');
    ui.input('Name', { value: name, onEnter: () => void (greeting.text = `Hello, ${name.value}!`) });
    ui.button('Greet', () => void (greeting.text = `Hello, ${name.value}!`));
    ui.button('Count', async () => {
      greeting.text = `Counted to ${await run.cpuBound(compute.count, 1_000)}`;
    });
    ui.button('Notify', () => ui.notify('Saved', { timeout: '2s' }));
    ui.checkbox('Sure').props({ 'data-mark': 'sure' });
    ui.select({ r: 'Red', g: 'Green' }, { label: 'Colour' });
    ui.tabs({ Mails: () => void ui.label('No mails'), Tasks: () => void ui.label('No tasks') });
    const dialog = ui.dialog(() => void ui.label('Really?'));
    ui.button('Ask', () => dialog.open());
    ui.button('Never', () => {}).enable(false);
    ui.button('Wrong', () => {
      throw new Error('This was wrong.');
    });
  })
  .page('/report/:id', async ({ params, env }) => {
    await run.ioBound(() => Promise.resolve());
    ui.label(`Report ${params.id} ${(env as { from?: string }).from ?? ''}`);
  });

describe('the test kit', () => {
  test('[TO2] a user types, clicks and sees, and what was shown outlives a kill', async () => {
    using user = await open(app, '/');
    user.find('Name').type('Ada');
    user.find('Greet').click();
    await user.shouldSee('Hello, Ada!');
    user.server.kill();
    await user.shouldSee('Hello, Ada!');
    await user.reload();
    expect(user.find('Name').value).toBe('Ada');
    user.find('Name').fill('Bob').press('Enter');
    await user.shouldSee('Hello, Bob!');
    expect(user.server.errors).toEqual([]);
  });

  test('timers of the engine carry the async context of the code that sets them, as in every runtime', async () => {
    const clock = new VirtualClock();
    const surroundings = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const server = new TestServer({ clock, pages: { '/': () => void ui.label('page') } });
    const timers = server.session.host.clock;
    surroundings.run('whoever set it', () => timers.after(10, () => seen.push(surroundings.getStore())));
    await clock.advance(20);
    expect(seen).toEqual(['whoever set it']);
    server.stop();
  });

  test('[TO2] tasks run through the real driver, and their arguments and results are copied', async () => {
    using user = await open(app, '/', { services: { COMPUTE: tasks } });
    user.find('Count').click();
    await user.advance('5ms');
    expect(user.find('Count').busy).toBe(true);
    await user.shouldSee('Counted to 1000');
    await user.advance('5ms');
    expect(user.find('Count').busy).toBe(false);
  });

  test('what cannot be seen is not seen: hidden, closed, another panel', async () => {
    using user = await open(app);
    expect([user.sees('No mails'), user.sees('No tasks'), user.sees('Really?')]).toEqual([true, false, false]);
    user.find({ kind: 'tabs' }).choose('Tasks');
    user.find('Ask').click();
    await user.shouldSee('No tasks');
    await user.shouldSee('Really?');
    await user.shouldNotSee('No mails');
    user.find({ kind: 'dialog' }).close();
    await user.shouldNotSee('Really?');
  });

  test('notifications come and go', async () => {
    using user = await open(app);
    user.find('Notify').click();
    await user.shouldSee('Saved');
    expect(user.notifications).toEqual(['Saved']);
    await user.advance('3s');
    expect(user.notifications).toEqual([]);
  });

  test('a message of a failed look shows the page as text, and what the server logged', async () => {
    using user = await open(app);
    user.find({ mark: 'sure' }).click();
    user.find('Wrong').click();
    await expect(user.shouldSee('Goodbye', { within: '1s' })).rejects.toThrow(
      /Nobody sees "Goodbye" within 1s. The page is:[^]*input "Name"[^]*checkbox "Sure" = true[^]*\[label "No tasks"\][^]*logged errors:[^]*This was wrong/,
    );
  });

  test.each([
    ['Nothing like it', /There is no "Nothing like it"/],
    ['Never', /it is disabled/],
    ['No tasks', /it is not visible/],
    [{ kind: 'button' }, /There are \d elements that fit button/],
    ['No mails', /Nobody listens to click/],
  ] as const)('a click that no user could make is an error: %j', async (query, message) => {
    using user = await open(app);
    expect(() => user.find(query).click()).toThrow(message);
  });

  test('a click on the text of a choice chooses it, and a click on what opens a menu is no mistake', async () => {
    using user = await open({
      '/': () => {
        ui.tabs({ Mails: () => ui.label('No mails'), Films: () => ui.label('No films') });
        const size = ui.radio({ s: 'Small', l: 'Large' }, { label: 'Size' });
        ui.label(() => `Size ${size.value}`);
        ui.button('Account').add(() => ui.menu(() => ui.menuItem('Profile', () => ui.notify('Your profile'))));
        ui.dropdownButton('More', () => ui.menuItem('Print', () => ui.notify('Printed')));
      },
    });
    user.find('Films').click();
    user.find('Large').click();
    await user.shouldSee('No films');
    await user.shouldSee('Size l');
    for (const text of ['Account', 'Profile', 'More', 'Print']) user.find(text).click();
    await user.shouldSee('Your profile');
    await user.shouldSee('Printed');
    expect(() => user.find('Size').click()).toThrow();
  });

  test('a number that is typed or filled in arrives as a number, and what a browser would not send is an error', async () => {
    using user = await open({
      '/': () => {
        const seats = ui.state<number | null>(null);
        ui.number('Seats', { value: seats, min: 1, max: 80 });
        ui.label(() => `Seats: ${JSON.stringify(seats.value)}`);
        const level = ui.state(0);
        ui.slider({ value: level, max: 10, step: 0.5 }).props({ 'data-mark': 'level' });
        ui.label(() => `Level: ${JSON.stringify(level.value)}`);
      },
    });
    const seats = user.find('Seats');
    const level = user.find({ mark: 'level' });
    for (const [act, seen] of [
      [() => seats.type('1').type('2.5'), 'Seats: 12.5'],
      [() => seats.fill('7'), 'Seats: 7'],
      [() => seats.fill(''), 'Seats: null'],
      [() => level.fill('4.5'), 'Level: 4.5'],
    ] as const) {
      act();
      await user.shouldSee(seen);
    }
    expect(() => seats.fill('many')).toThrow('A user cannot enter "many" into "Seats": the value is a number.');
    expect(() => seats.fill('81')).toThrow('the greatest value is 80, not 81');
    expect(() => level.fill('0.3')).toThrow('the value moves in steps of 0.5');
    expect(user.server.log).toEqual([]);
  });

  test('[NF9] an event from outside is one call, which takes the time until it is durable', async () => {
    using user = await open({
      '/': () => {
        const paid = ui.label('Waiting');
        ui.button('Wait', async () => {
          paid.text = `Paid ${await run.event<number>('paid')}`;
        });
      },
    });
    await user.send('paid', 17);
    user.find('Wait').click();
    await user.shouldSee('Paid 17');
    const sent = user.send('paid', 18);
    user.server.kill(); // before it is stored
    await sent;
    user.find('Wait').click();
    await user.shouldSee('Paid 18');
    await expect(user.send('paid', () => {})).rejects.toThrow('is a function');
  });

  test('tabs belong to one session, users beside each other to two, and all share the time', async () => {
    using ada = await open(app);
    using bob = await open(app, '/report/7?x=1', { beside: ada, env: { from: 'Bob' } });
    const second = await ada.tab();
    ada.find('Name').type('Ada');
    await ada.settle();
    expect(ada.server.session.pages.size).toBe(2);
    expect(second.find('Name').value).toBe('');
    await bob.shouldSee('Report 7 Bob');
    const copy = await ada.duplicate();
    expect(copy.browser.link.page).not.toBe(ada.browser.link.page);
    expect(bob.clock).toBe(ada.clock);
  });

  test('[TO2] a deploy, an eviction and a lost network are calls', async () => {
    const first = { '/': () => void ui.label('One') };
    using user = await open(first, '/');
    await user.advance('5s');
    expect(user.server.whyAwake()).toEqual([]);
    user.server.evict();
    user.server.deploy({ '/': () => void ui.label('Two') });
    user.cut();
    await user.shouldSee('Two');
    user.offline();
    await user.advance('1m');
    user.online();
    await user.settle();
    expect(user.browser.link.status.state).toBe('live');
    expect(user.browser.ended).toEqual([]);
  });

  test('an object that is at work does not sleep, and the kit says why', async () => {
    using user = await open(app);
    user.find('Greet').click();
    await user.advance('5ms');
    expect(() => user.server.evict()).toThrow(/does not sleep now: .*changes that wait for their commit/);
  });
});
