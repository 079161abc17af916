import { expect, test } from 'vitest';
import { type Kind, kindNames, type MirrorNode, type NodeLiteral } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { kindsWithRoles, roleOf } from '../../src/testing/roles.ts';
import { smallest } from './smallest.ts';

function html(kind: string, props: object = {}, children: readonly NodeLiteral[] = []): string {
  const page = renderTree([1, 'root', {}, [[2, kind, props as Record<string, never>, children]]]);
  return page
    .replace(/^<div class="edgewise-shell">(.*)<\/div>$/, '$1')
    .replace(/<main id="edgewise-main" data-id="1" class="edgewise-root">(.*)<\/main>/, '$1');
}

test('every kind has a component, and each that shows something carries its node’s id', () => {
  const silent: Kind[] = [
    'visitor',
    'visibility',
    'fragment',
    'notification',
    'timer',
    'darkMode',
    'colors',
    'keyboard',
    'query',
    'call',
    'pageEvent',
  ];
  for (const kind of kindNames()) {
    if (kind === 'root') continue;
    const shown = html(kind, kind in smallest ? smallest[kind as keyof typeof smallest] : {});
    if (silent.includes(kind)) expect(shown, kind).toBe('');
    else expect(shown, kind).toContain('data-id="2"');
  }
});

/** The tags whose role a browser knows, beside those that say it. */
const tags: Readonly<Record<string, RegExp>> = {
  banner: /<header/,
  button: /<button/,
  checkbox: /type="checkbox"/,
  combobox: /<select|role="combobox"/,
  contentinfo: /<footer/,
  dialog: /<dialog/,
  form: /<form/,
  heading: /<h1/,
  img: /<img|role="img"/,
  link: /<a /,
  list: /<ul|role="list"/,
  listitem: /<li|role="listitem"/,
  progressbar: /<progress|role="progressbar"/,
  separator: /<hr|role="separator"/,
  slider: /type="range"/,
  spinbutton: /type="number"/,
  table: /<table/,
  textbox: /<input|<textarea/,
};

test('the test kit gives each kind the role that its HTML has', () => {
  for (const kind of kindsWithRoles()) {
    const props = kind in smallest ? smallest[kind as keyof typeof smallest] : {};
    const role = roleOf({ id: 2, kind, props, children: [], parent: undefined } as unknown as MirrorNode);
    if (role) expect(html(kind, props), `${kind} is a ${role}`).toMatch(tags[role] ?? new RegExp(`role="${role}"`));
  }
});

test('[WS4] first paint stands without script: values are in the HTML, the open dialog is open', () => {
  expect(html('input', smallest.input)).toContain('value="value"');
  expect(html('checkbox', smallest.checkbox)).toMatch(/<input[^>]* checked/);
  expect(html('select', smallest.select)).toContain('<option value="b" selected>');
  expect(html('progress', smallest.progress)).toContain('>43%<');
  expect(html('dialog', { open: true })).toMatch(/<dialog[^>]* open/);
  expect(html('dialog', { open: false })).not.toMatch(/<dialog[^>]* open/);
  expect(html('log', smallest.log)).toContain('… 2 earlier lines</div><div>one</div><div></div><div>&lt;two>');
});

test('[WS8] every control has a name and its label belongs to it', () => {
  expect(html('input', smallest.input)).toMatch(/<label for="e2".*<input[^>]* id="e2"/);
  expect(html('input', { value: '', placeholder: 'Search' })).toContain('aria-label="Search"');
  expect(html('checkbox', smallest.checkbox)).toMatch(/<label for="e2".*id="e2"/);
  expect(html('select', smallest.select)).toMatch(/<label for="e2".*id="e2"/);
  expect(
    html('tabs', smallest.tabs, [
      [3, 'label', { text: 'first' }],
      [4, 'label', { text: 'second' }],
    ]),
  ).toMatch(
    /id="e2-t1"[^>]*aria-selected="true" aria-controls="e2-p1".*id="e2-p0"[^>]* hidden>.*id="e2-p1" aria-labelledby="e2-t1">/,
  );
});

test('[WS9] text is text, and what could run code is not there', () => {
  const evil = '"><script>alert(1)</script>';
  for (const kind of [
    'label',
    'button',
    'link',
    'input',
    'checkbox',
    'select',
    'textarea',
    'number',
    'switch',
    'radio',
    'toggle',
    'slider',
    'range',
    'knob',
    'date',
    'time',
    'colorInput',
    'colorPicker',
    'inputChips',
    'rating',
    'pagination',
    'dropdownButton',
    'image',
    'log',
    'tabs',
    'expansion',
    'menuItem',
    'tooltip',
    'stepper',
    'item',
    'itemLabel',
    'spinner',
  ] as const) {
    const props = JSON.parse(
      JSON.stringify(kind === 'spinner' ? {} : smallest[kind]).replaceAll(
        /"(text|label|value|alt|one|A)"(?!:)/g,
        JSON.stringify(evil),
      ),
    );
    expect(html(kind, { ...props, class: evil, style: evil, attrs: { title: evil, [evil]: 'x' } }), kind).not.toContain(
      '<script',
    );
  }
  expect(html('link', { text: 'x', href: 'java\tscript:alert(1)' })).not.toContain('href');
  expect(html('image', { src: 'javascript:alert(1)', alt: '' })).not.toContain('src');
  expect(html('label', { text: 'x', attrs: { onclick: 'alert(1)', onfocus: 'x', srcdoc: 'x' } })).toBe(
    '<div data-id="2" class="edgewise-label">x</div>',
  );
});

test('[WS8] hidden, disabled and busy are attributes; a group that cannot be disabled is inert', () => {
  expect(html('button', { text: 'x', disabled: true, busy: true })).toMatch(/aria-busy="true" disabled/);
  expect(html('card', { disabled: true })).toMatch(/ inert aria-disabled="true"/);
  for (const disabled of ['', 0, false, true, 'disabled'])
    expect(html('card', { attrs: { disabled } }), String(disabled)).not.toMatch(/disabled|inert/);
  expect(html('label', { text: 'x', hidden: true })).toMatch(/ hidden/);
  expect(html('fragment', { hidden: true }, [[3, 'label', { text: 'x' }]])).toBe('');
});

test('a kind of a newer server shows nothing', () => {
  expect(html('hologram')).toBe('');
  expect(html('__proto__')).toBe('');
});
