import { ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './inputs.ts?raw';

export const inputs: Family = {
  title: 'Inputs',
  line: 'Buttons, fields, choices: what a person clicks, types and picks.',
  source,
  entries: [
    { name: 'Button', build: buttons },
    { name: 'Input', build: texts },
    { name: 'Textarea', build: lines },
    { name: 'Editor', build: letter },
    { name: 'Number', build: numbers },
    { name: 'Select', build: selects },
    { name: 'Checkbox and switch', build: boxes },
    { name: 'Radio and toggle', build: groups },
    { name: 'Slider, range and knob', build: sliders },
    { name: 'Date and time', build: dates },
    { name: 'Colour', build: colours },
    { name: 'Chips', build: chips },
    { name: 'Rating and pagination', build: ratings },
    { name: 'Button group and dropdown', build: menus },
    { name: 'Floating button', build: additions },
    { name: 'Joystick', build: steering },
    { name: 'Form', build: forms },
  ],
};

function buttons() {
  const clicks = ui.state(0);
  ui.row(() => {
    ui.button(
      () => `Clicks: ${clicks.value}`,
      () => clicks.value++,
    );
    ui.button('Reset', () => (clicks.value = 0), { variant: 'outline', icon: 'undo' });
    ui.button('', () => ui.notify('Thank you'), { icon: 'favorite', label: 'Like', round: true, variant: 'soft' });
  });
}

function texts() {
  const name = ui.state('');
  ui.input('Name', { value: name, clearable: true, icon: 'person', autocomplete: ['Ada', 'Grace', 'Alan'] });
  ui.label(() => (name.value ? `Hello, ${name.value}!` : 'Who are you?'));
  ui.input('Password', { password: true, passwordToggleButton: true });
  ui.input('Site', { prefix: 'https://', suffix: '.example', placeholder: 'my-site', dense: true });
  ui.input('Code', { hint: 'Four digits', validation: { 'Four digits, please': (text) => /^\d{4}$/.test(text) } });
}

function lines() {
  const text = ui.state('');
  ui.textarea('Remarks', { value: text, maxLength: 280, clearable: true }).classes('w-full');
  ui.label(() => `${text.value.length} of 280`);
}

function letter() {
  const text = ui.state('<p>Dear <b>Ada</b>,</p><ul><li>the engine works</li></ul>');
  ui.editor('Letter', { value: text, placeholder: 'Write to somebody' });
  ui.label(() => `Characters of HTML: ${text.value.length}`);
}

function numbers() {
  const amount = ui.state<number | null>(2.5);
  ui.number('Amount', { value: amount, min: 0, max: 100, step: 0.5, format: '%.2f', suffix: 'kg' });
  ui.label(() => (amount.value === null ? 'No amount' : `${(amount.value * 2.2046).toFixed(2)} lb`));
}

function selects() {
  ui.select({ de: 'Deutsch', en: 'English', fr: 'Français' }, { label: 'Language', value: 'en' });
  const sizes = ui.state<number[]>([10]);
  const choices = [10, 2, 33].map((size) => [size, `${size} pt`] as const);
  ui.select(choices, { label: 'Sizes', value: sizes, multiple: true, clearable: true });
  ui.label(() => `Chosen: ${sizes.value.join(', ') || 'none'}`);
  const countries = ['Austria', 'Belgium', 'Denmark', 'France', 'Germany', 'Italy', 'Spain'];
  ui.select(countries, { label: 'Country', withInput: true, clearable: true });
  ui.select(['urgent', 'later'], { label: 'Tags', multiple: true, newValues: true });
}

function boxes() {
  const all = ['Milk', 'Bread', 'Tea'].map((name) => [name, ui.state(false, name)] as const);
  ui.checkbox('Everything', {
    value: () => all.every(([, done]) => done.value),
    mixed: () => all.some(([, done]) => done.value) && !all.every(([, done]) => done.value),
    onChange: (ticked) => {
      for (const [, done] of all) done.value = ticked;
    },
  });
  for (const [name, done] of all) ui.checkbox(name, { value: done, size: 'sm' });
  ui.switch('Notify me', { color: 'success', onChange: (on) => ui.notify(on ? 'You will hear of it' : 'Silence') });
}

function groups() {
  ui.radio(['small', 'medium', 'large'], { label: 'Size', value: 'medium', inline: true });
  const days = ui.state<number | null>(7);
  const periods = [
    [1, 'Day'],
    [7, 'Week'],
    [30, 'Month'],
  ] as const;
  ui.toggle(periods, { label: 'Period', value: days, clearable: true });
  ui.label(() => (days.value === null ? 'No period' : `Days: ${days.value}`));
}

function sliders() {
  ui.slider({ label: 'Volume', value: 30, showValue: true, color: 'primary' });
  const prices = ui.state<readonly [number, number]>([20, 80]);
  ui.range({ label: 'Price', value: prices, showValue: true, color: 'accent' });
  ui.label(() => `From ${prices.value[0]} to ${prices.value[1]}`);
  ui.knob(0.4, { label: 'Gain', showValue: true });
}

function dates() {
  const day = ui.state('2026-11-29');
  ui.date('Departure', { value: day, min: '2026-01-01' });
  ui.date('Holidays', { range: true, clearable: true });
  ui.time('Alarm', { value: '08:30', step: 900 });
  ui.label(() => `You leave on ${day.value || 'a day to come'}`);
}

function colours() {
  const card = ui.card(() => ui.label('A card')).classes('w-full');
  ui.colorInput('Background', {
    value: '#1e90ff',
    clearable: true,
    onChange: (color) => card.style(color && `background: ${color}`),
  });
  ui.colorPicker({ label: 'Text', value: '#000000', onPick: (color) => card.style(`color: ${color}`) });
}

function chips() {
  const tags = ui.state<readonly string[]>(['durable']);
  ui.inputChips('Tags', { value: tags, autocomplete: ['fast', 'small', 'typed'], clearable: true });
  ui.label(() => `Tags: ${tags.value.length}`);
}

function ratings() {
  ui.rating({ label: 'How was it?', value: 3 });
  const page = ui.state(4);
  ui.pagination(1, 12, { value: page, size: 'sm' });
  ui.label(() => `Page ${page.value}`);
}

function menus() {
  ui.buttonGroup(
    () => {
      for (const text of ['Left', 'Centre', 'Right']) ui.button(text, () => ui.notify(text), { variant: 'outline' });
    },
    { label: 'Alignment' },
  );
  ui.dropdownButton('More', () => {
    ui.button('Rename', () => ui.notify('Renamed'), { variant: 'ghost', block: true });
    ui.button('Delete', () => ui.notify('Deleted'), { variant: 'ghost', block: true, color: 'error' });
  });
}

function additions() {
  const last = ui.state('nothing');
  ui.row(() => {
    ui.fab(
      'add',
      () => {
        ui.fabAction('note', () => (last.value = 'a note'), { text: 'Note' });
        ui.fabAction('image', () => (last.value = 'a picture'), { label: 'Picture', color: 'secondary' });
      },
      { label: 'New', direction: 'right' },
    );
  });
  ui.label(() => `You added ${last.value}`);
}

function steering() {
  const way = ui.state('at rest');
  ui.joystick({
    label: 'Steering',
    onMove: ({ x, y }) => (way.value = `${x.toFixed(1)} to the right, ${y.toFixed(1)} up`),
    onEnd: () => (way.value = 'at rest'),
  });
  ui.label(() => `The robot is ${way.value}`);
}

function forms() {
  const name = ui.state('');
  const taken = async (text: string) => text.toLowerCase() !== 'ada' || 'This name is taken';
  ui.form(
    (form) => {
      ui.input('Name', { value: name, rules: [(text) => text !== '' || 'Please enter a name', taken] });
      ui.number('Age', { rules: [(age) => (age !== null && age >= 18) || 'You have to be of age'] });
      ui.row(() => {
        ui.button('Save', undefined, { submit: true });
        ui.button('Reset', () => form.reset(), { variant: 'ghost' });
      });
      ui.label(() => (form.valid ? 'All is well' : 'Something is missing'));
    },
    { onSubmit: () => ui.notify(`Saved ${name.value}`, { type: 'positive' }) },
  );
}
