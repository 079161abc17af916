// What an author may say about elements. Each line that compiles here by mistake fails `npm run types`.

import { own } from '../../src/elements/element.ts';
import { Element, ui } from '../../src/elements/index.ts';
import type { KindProps, PropsOf } from '../../src/protocol/index.ts';
import { computed, signal } from '../../src/reactive/index.ts';

export function fine(): void {
  const name = signal('');
  const count = signal(0);
  ui.label('x').classes('a').style('color: red').props({ title: 'x', tabindex: 0, hidden: true });
  ui.label(count).classes(() => 'a');
  ui.label(computed(() => count.value));
  ui.label(() => count.value);
  ui.label('x').text = name;
  ui.input('x', { value: name, type: 'email' }).onChange(({ value, sender }) => [value.length, sender.value.length]);
  ui.checkbox('x', { value: () => count.value > 1 }).value = true;
  ui.progress(() => null);
  ui.progress(0.5).value = count;
  ui.select({ de: 'Deutsch' }, { value: 'de' }).value.toUpperCase();
  ui.select(['de', 'en'] as const);
  ui.select({ de: 'Deutsch' }, { onChange: (language) => language.toUpperCase() }).value.toUpperCase();
  ui.radio({ de: 'Deutsch' }).value?.toUpperCase();
  ui.select([
    [1, 'one'],
    [2, 'two'],
  ]).value.toFixed();
  ui.toggle(['s', 'l'], { value: signal<'s' | 'l'>('s'), onChange: (size: 's' | 'l') => size });
  ui.button('x', async ({ sender, type }) => sender.text + type, { color: 'error', whileRunning: 'queue' });
  ui.timer('5m', () => {}).active = computed(() => count.value > 1);
  ui.each(
    signal([{ id: 1, done: true }]),
    (item) => item.id,
    (item, index) => ui.checkbox(String(index), { value: item.done }),
  );
  ui.state<readonly string[]>([]).value = ['x'];
  ui.state(0).value++;
  ui.notify('x', { type: 'warning', timeout: 0 });
}

// @ts-expect-error there is no such element
ui.lable('x');

// @ts-expect-error there is no such kind
new Element('lable', {});

// @ts-expect-error a label shows text, not objects
ui.label({ text: 'x' });

// @ts-expect-error a label's text is not a switch
ui.label('x').text = true;

// @ts-expect-error the value of an input is text
ui.input('x', { value: 7 });

// @ts-expect-error a signal of numbers is no signal of text
ui.input('x', { value: signal(7) });

// @ts-expect-error the value of a checkbox is true or false
ui.checkbox('x').value = 'yes';

// @ts-expect-error there is no such option
ui.input('x', { placehodler: 'x' });

// @ts-expect-error there is no such type of input; a file is no text
ui.input('x', { type: 'file' });

// @ts-expect-error there is no such colour
ui.button('x', () => {}, { color: 'blue' });

// @ts-expect-error there is no such policy
ui.button('x', () => {}, { whileRunning: 'wait' });

// @ts-expect-error a handler is a function
ui.button('x', 'alert(1)');

// @ts-expect-error progress is a number or null
ui.progress('50%');

// @ts-expect-error a length of time has a unit of time
ui.timer('5 fortnights', () => {});
ui.timer('5 minutes', () => {});

// @ts-expect-error there is no such type of message
ui.notify('x', { type: 'error' });

// @ts-expect-error an attribute is text, a number or a switch
ui.label('x').props({ title: {} });

ui.each(
  [{ id: {} }],
  // @ts-expect-error a key is a text or a number
  (item) => item.id,
  () => {},
);

ui.each(
  [1, 2],
  (item) => item,
  // @ts-expect-error the item of a list of numbers has no text
  (item) => ui.label(item.text),
);

// @ts-expect-error a state keeps the type it began with
ui.state(0).value = 'x';

// @ts-expect-error a page's props are changed by the tree alone
ui.label('x').node.props = {};

// @ts-expect-error what a kind needs is needed
own<'label'>({});

// @ts-expect-error what a kind does not have cannot be given
own<'label'>({ text: 'x', href: '/' });

// @ts-expect-error props of every element are not an element's own
own<'label'>({ text: 'x', class: 'a' });

// @ts-expect-error there is no such kind
export type Nothing = PropsOf<'lable'>;

// @ts-expect-error the value of an input is text
export const input: KindProps['input'] = { value: 1 };
