import { expect, test } from 'vitest';
import { chat } from '../../examples/chat/page.ts';
import { App, shared, ui } from '../../src/index.ts';
import { type OpenOptions, open, type User } from '../../src/testing/index.ts';

const app = new App().page('/', chat);

async function join(name: string, options: OpenOptions = {}): Promise<User> {
  const user = await open(app, '/', options);
  user.find('Your name').fill(name).press('Enter');
  await user.shouldSee(`${name} (you)`);
  await user.advance('1s'); // a tab that is looked at for less has shown nothing
  return user;
}

async function say(user: User, text: string): Promise<void> {
  user.find('Message').fill(text);
  user.find('Message').press('Enter');
  await user.settle();
}

const said = (user: User) => user.find({ kind: 'chatMessage' }).all.map(({ props }) => String(props.text));

test('[LW8] ten messages each of three people at the same time are thirty, in one order for all three, through a kill', async () => {
  using ada = await join('Ada');
  using bob = await join('Bob', { beside: ada });
  using eve = await join('Eve', { beside: ada });
  const all = [ada, bob, eve];
  for (let n = 1; n <= 10; n++) {
    for (const user of all) user.find('Message').fill(`${n}`).press('Enter');
    if (n === 5) bob.server.kill();
    if (n === 7) ada.shared?.kill('signal:chat.messages');
  }
  await ada.advance('20s');
  for (const user of all) {
    expect(said(user)).toHaveLength(30);
    expect(said(user)).toEqual(said(ada));
    expect(user.server.errors).toEqual([]);
  }
});

test('[LW5] people see who is there, who types, and who has left, but not what is being typed', async () => {
  using ada = await join('Ada');
  const bob = await join('Bob', { beside: ada });
  await ada.shouldSee('Bob');
  bob.find('Message').type('a secret');
  await ada.shouldSee('Bob is typing…');
  expect(ada.page).not.toContain('secret');
  await ada.shouldNotSee('Bob is typing…', { within: '10s' });
  await say(bob, 'Hello');
  await ada.shouldSee('Hello');
  bob.close();
  await ada.shouldNotSee({ kind: 'badge', text: 'Bob' }, { within: '30s' });
  await ada.shouldSee('Hello');
  bob[Symbol.dispose]();
});

test('[NF1] who is there stays right through kills, and two tabs of one person are one', async () => {
  using ada = await join('Ada');
  using bob = await join('Bob', { beside: ada });
  const second = await bob.tab();
  await second.shouldSee('Bob (you)');
  bob.server.kill();
  await bob.advance('20s');
  second.close();
  await ada.advance('20s');
  expect(ada.find({ kind: 'badge' }).all.map(({ text }) => text)).toEqual(['Ada (you)', 'Bob']);
});

test('[NF4] "is typing" ends although the server of the one who types dies in the middle', async () => {
  using ada = await join('Ada');
  using bob = await join('Bob', { beside: ada });
  bob.find('Message').type('Hm');
  await ada.shouldSee('Bob is typing…');
  await bob.advance('200ms');
  bob.server.kill();
  await ada.shouldNotSee('Bob is typing…', { within: '30s' });
  expect(bob.find('Message').value).toBe('Hm');
  expect(bob.server.errors).toEqual([]);
});

test('[WS6] messages that come while the tab is behind others count in the title, and a line shows where they begin', async () => {
  using ada = await join('Ada');
  using bob = await join('Bob', { beside: ada });
  await say(bob, 'one');
  await ada.shouldSee('one');
  ada.find({ kind: 'visibility' }).emit('value', false);
  await ada.settle();
  await say(bob, 'two');
  await say(bob, 'three');
  await ada.advance('1s');
  expect(ada.browser.root.props.title).toBe('(2) Chat');
  expect(bob.browser.root.props.title).toBe('Chat');
  ada.server.kill();
  await ada.advance('20s');
  expect(ada.browser.root.props.title).toBe('(2) Chat');
  ada.find({ kind: 'visibility' }).emit('value', true);
  await ada.shouldSee({ kind: 'label', text: 'New' });
  expect(ada.browser.root.props.title).toBe('Chat');
  expect(ada.page.indexOf('"one"')).toBeLessThan(ada.page.indexOf('"New"'));
  expect(ada.page.indexOf('"New"')).toBeLessThan(ada.page.indexOf('"two"'));
});

const hide = async (user: User) => {
  user.find({ kind: 'visibility' }).emit('value', false);
  await user.advance('1s');
};
const title = (user: User) => user.browser.root.props.title;

/** A visitor whose tab is behind others and has one unread message. */
async function withUnread(): Promise<{ ada: User; bob: User }> {
  const ada = await join('Ada');
  const bob = await join('Bob', { beside: ada });
  await say(bob, 'one');
  await ada.advance('2s');
  await hide(ada);
  await say(bob, 'two');
  await ada.advance('1s');
  expect(title(ada)).toBe('(1) Chat');
  return { ada, bob };
}

test('[WS6] a hidden tab that loses its network and comes back has its unread messages, and counts those that came', async () => {
  const { ada, bob } = await withUnread();
  ada.offline();
  await bob.advance('10s');
  await say(bob, 'three');
  ada.online();
  await ada.advance('5s');
  expect(title(ada)).toBe('(2) Chat');
  await say(bob, 'four');
  await ada.advance('1s');
  expect(title(ada)).toBe('(3) Chat');
  ada.find({ kind: 'visibility' }).emit('value', true);
  await ada.shouldSee({ kind: 'label', text: 'New' });
  expect(title(ada)).toBe('Chat');
  expect(ada.page.indexOf('"New"')).toBeLessThan(ada.page.indexOf('"two"'));
  for (const user of [ada, bob]) user[Symbol.dispose]();
});

test('[WS6] a tab that goes behind others while it has no network counts what came meanwhile', async () => {
  using ada = await join('Ada');
  using bob = await join('Bob', { beside: ada });
  await say(bob, 'one');
  await ada.advance('2s');
  ada.offline();
  await bob.advance('2s');
  await say(bob, 'two');
  await bob.advance('8s');
  ada.find({ kind: 'visibility' }).emit('value', false);
  await say(bob, 'three');
  ada.online();
  await ada.advance('5s');
  expect(title(ada)).toBe('(2) Chat');
});

test('[WS6] closing one of two hidden tabs, and opening one behind others, leaves the unread messages of the other', async () => {
  const { ada, bob } = await withUnread();
  const second = await ada.tab();
  await hide(second);
  expect([title(ada), title(second)]).toEqual(['(1) Chat', '(1) Chat']);
  second.close();
  await ada.advance('20s');
  expect(title(ada)).toBe('(1) Chat');
  expect(ada.server.errors).toEqual([]);
  for (const user of [ada, bob]) user[Symbol.dispose]();
});

test('[WS9] markup in a message is text, and empty, blank and overlong messages and names are refused', async () => {
  using ada = await join('Ada');
  await say(ada, '<img src=x onerror=alert(1)>');
  await say(ada, '   ');
  await say(ada, 'x'.repeat(1_001));
  expect(said(ada)).toEqual(['<img src=x onerror=alert(1)>']);
  using eve = await open(app, '/', { beside: ada });
  eve.find('Your name').fill('   ').press('Enter');
  await eve.settle();
  eve.find('Your name').fill('x'.repeat(31)).press('Enter');
  await eve.settle();
  await eve.shouldSee('Everybody who opens this page meets here.');
});

test('[BD1] a room stores the newest 500 messages', async () => {
  const full = new App().page('/', chat).page('/fill', () => {
    const messages = shared.list<{ readonly id: string; readonly [field: string]: unknown }>('chat.messages', [], 'id');
    ui.button('Fill', () => {
      for (let id = 1; id <= 505; id++) messages.add({ id: `${id}`, who: 'x', name: 'X', text: `${id}`, at: 0 });
    });
  });
  using filler = await open(full, '/fill');
  filler.find('Fill').click();
  await filler.advance('5s');
  using ada = await open(full, '/', { beside: filler });
  ada.find('Your name').fill('Ada').press('Enter');
  await ada.advance('2s');
  expect([...filler.server.errors, ...ada.server.errors]).toEqual([]);
  expect(said(ada)).toHaveLength(505);
  await say(ada, 'the newest');
  expect(said(ada)).toHaveLength(500);
  expect([said(ada)[0], said(ada).at(-1)]).toEqual(['7', 'the newest']);
});
