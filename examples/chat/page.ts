import { type PageContext, run, shared, storage, ui } from 'edgewise';

interface Message {
  readonly id: string;
  /** The session of who wrote it. It stays on the server. */
  readonly who: string;
  readonly name: string;
  readonly text: string;
  readonly at: number;
}

interface Person {
  readonly name: string;
  readonly typing: boolean;
}

// One list and two maps for everybody. What several people add at the same time is all there.
const messages = shared.list<Message>('chat.messages', [], 'id');
const people = shared.map<Person>('chat.people');
const tabs = shared.map<number>('chat.tabs');
const mostMessages = 500;
/** Milliseconds. Who looks for less has read nothing: a tab that opens behind others says so right after it connects. */
const glance = 500;
/** Milliseconds that a browser is gone when the page hears of it. */
const patience = 5_000;

/** A room for everybody: who is there, who types, and what came while you looked elsewhere. */
export function chat(page: PageContext) {
  const me = page.session;
  const name = storage.user('chat.name', ''); // the same in all tabs of the visitor
  const read = storage.user('chat.read', ''); // the last message that the visitor has seen
  const hidden = ui.state(false); // as the browser says when its tab goes behind others or comes back
  const lookingSince = ui.state(ui.now()); // 0 while the visitor looks elsewhere
  const firstNew = ui.state(''); // the message below the line "New"
  const draft = ui.state('');

  const unread = () => messages.items.slice(messages.keys.indexOf(read.value) + 1).filter(({ who }) => who !== me);
  page.title = () => (lookingSince.value === 0 && unread().length > 0 ? `(${unread().length}) Chat` : 'Chat');

  page.onConnect(() => {
    tabs.add(me, 1);
    if (name.value !== '') people.set(me, { name: name.value, typing: false });
    if (!hidden.value) look();
  });
  page.onDisconnect(() => {
    tabs.add(me, -1);
    if (!tabs.get(me)) people.delete(me);
    lookAway(ui.now() - patience);
  });
  page.onShow(() => {
    hidden.value = false;
    look();
  });
  page.onHide(() => {
    hidden.value = true;
    lookAway();
  });

  ui.show(() => name.value !== '', room, door);

  function look() {
    lookingSince.value = ui.now();
    firstNew.value = (read.value !== '' && unread()[0]?.id) || '';
  }

  /** Notes what the visitor has read: all up to a time, if this tab was looked at. Another tab may have shown more. */
  function lookAway(until = Number.POSITIVE_INFINITY) {
    const looked = lookingSince.value !== 0 && ui.now() - lookingSince.value >= glance;
    lookingSince.value = 0;
    const seen = messages.items.findLast(({ at }) => at <= until);
    if (looked && seen && messages.keys.indexOf(seen.id) > messages.keys.indexOf(read.value)) read.value = seen.id;
  }

  function door() {
    const wanted = ui.state('');
    const join = () => {
      if (wanted.value.trim() === '') return;
      name.value = wanted.value.trim();
      people.set(me, { name: name.value, typing: false });
    };
    ui.label('Everybody who opens this page meets here.').classes('opacity-70');
    ui.row(() => {
      ui.input('Your name', { value: wanted, maxLength: 30, onEnter: join }).classes('grow');
      ui.button('Join', join, { icon: 'login', color: 'primary' }).enable(() => wanted.value.trim() !== '');
    }).classes('w-full items-end');
  }

  function room() {
    ui.row(() => {
      ui.each(
        () => people.entries,
        ([id]) => id,
        ([id, person]) =>
          ui.badge(id === me ? `${person.name} (you)` : person.name, { icon: 'person', variant: 'soft' }),
      );
      ui.space();
      ui.button('', leave, { icon: 'logout', label: 'Leave', variant: 'ghost', size: 'sm', round: true });
    }).classes('w-full items-center gap-2');

    // The outer column is reversed, so that browsers keep its end in view while messages come.
    ui.column(() => {
      ui.column(() => {
        ui.label('Nobody has said anything yet.')
          .classes('m-auto opacity-70')
          .show(() => messages.size === 0);
        ui.each(messages, message);
      }).classes('w-full gap-1');
    })
      .classes('h-[50dvh] w-full flex-col-reverse flex-nowrap overflow-y-auto rounded-box bg-base-200 p-3')
      .props({ role: 'log', 'aria-label': 'Messages', tabindex: 0 });

    ui.label(typists).classes('h-5 text-sm italic opacity-70');
    ui.row(() => {
      ui.input('Message', { value: draft, maxLength: 1_000, onEnter: send })
        .classes('grow')
        .onChange(typing, 'restart'); // each letter begins the four seconds again
      ui.button('Send', send, { icon: 'send', color: 'primary' }).enable(() => draft.value.trim() !== '');
    }).classes('w-full flex-nowrap items-end');
  }

  function message({ id, who, name, text, at }: Message) {
    ui.show(
      () => firstNew.value === id,
      () => ui.label('New').classes('w-full border-b border-error text-center text-xs text-error'),
    );
    const stamp = () =>
      new Date(at).toLocaleTimeString(page.locale, { timeZone: page.timeZone, hour: '2-digit', minute: '2-digit' });
    ui.chatMessage(text, { name, stamp, sent: who === me });
  }

  function typists(): string {
    const names = people.entries.filter(([id, { typing }]) => typing && id !== me).map(([, { name }]) => name);
    return names.length === 0 ? '' : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…`;
  }

  async function typing() {
    people.update(me, { typing: draft.value !== '' });
    await run.sleep('4s');
    people.update(me, { typing: false });
  }

  function send() {
    const text = draft.value.trim();
    if (text === '') return;
    draft.value = '';
    people.update(me, { typing: false });
    messages.add({ id: `${ui.now()}-${ui.random()}`, who: me, name: name.value, text, at: ui.now() });
    for (const { id } of messages.items.slice(0, -mostMessages)) messages.remove(id);
  }

  function leave() {
    people.delete(me);
    name.value = '';
  }
}
