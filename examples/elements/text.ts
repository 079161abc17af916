import { ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './text.ts?raw';

export const text: Family = {
  title: 'Text',
  line: 'Headings, Markdown, code, icons, badges and messages: what people read.',
  source,
  entries: [
    { name: 'Heading', build: headings },
    { name: 'Markdown', build: streamed },
    { name: 'Code', build: program },
    { name: 'HTML', build: markup },
    { name: 'Icon', build: icons },
    { name: 'Badge', build: badges },
    { name: 'Avatar', build: people },
    { name: 'Chip', build: tags },
    { name: 'Chat message', build: conversation },
    { name: 'Timeline', build: delivery },
    { name: 'Element', build: figure },
  ],
};

function headings() {
  ui.heading('Orders', { level: 3 });
  ui.label('Seven are open.');
}

function streamed() {
  const answer = '## Answer\n\nThe **quick** way is:\n\n1. open the page\n2. press `Go`\n\n> It is saved at once.';
  const length = ui.state(answer.length);
  ui.markdown(() => answer.slice(0, length.value), { streaming: true });
  ui.button('Write it again', () => {
    length.value = 0;
  });
  ui.timer('0.1s', () => {
    if (length.value < answer.length) length.value += 4;
  });
}

function program() {
  ui.code("app.page('/', () => {\n  ui.label('Hello'); // no template\n});");
}

function markup() {
  ui.html('This is <b>bold</b>, <i>italic</i>, and <a href="/elements">a link</a>. A script in it does nothing.');
}

function icons() {
  ui.row(() => {
    for (const name of ['home', 'search', 'settings', 'thumb_up']) {
      ui.icon(name, { key: name, color: 'primary', size: 'lg' });
    }
  });
}

function badges() {
  ui.row(() => {
    ui.badge('new');
    ui.badge('paid', { color: 'success', icon: 'check' });
    ui.badge('late', { color: 'error', variant: 'outline' });
    ui.badge(3, { color: 'warning', round: true });
  });
}

function people() {
  ui.row(() => {
    ui.avatar('Ada Lovelace', { color: 'primary' });
    ui.avatar('Grace Hopper', { color: 'secondary', size: 'lg' });
    ui.avatar('Helper', { icon: 'smart_toy', square: true });
  });
}

function tags() {
  const all = ui.state(['red', 'green', 'blue']);
  ui.row(() => {
    ui.each(
      all,
      (tag) => tag,
      (tag) => {
        ui.chip(tag, {
          onRemove: () => {
            all.value = all.value.filter((other) => other !== tag);
          },
        });
      },
    );
  });
}

function conversation() {
  ui.chatMessage('Did the parcel arrive?', { name: 'Ada', stamp: '10:32' });
  ui.chatMessage('This morning.', { name: 'You', stamp: '10:33', sent: true });
}

function delivery() {
  ui.timeline(() => {
    ui.timelineEntry('Ordered', undefined, { subtitle: '12 May', icon: 'shopping_cart' });
    ui.timelineEntry('Sent', undefined, { subtitle: '14 May', icon: 'check', color: 'success' });
  });
}

function figure() {
  ui.element('figure', () => {
    ui.html(
      '<svg viewBox="0 0 60 20" width="180"><path d="M0 18 L20 8 L40 12 L60 2" fill="none" stroke="teal"/></svg>',
    );
    ui.element('figcaption', undefined, { text: 'Orders of the week' }).classes('text-sm opacity-70');
  });
}
