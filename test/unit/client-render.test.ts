import { expect, test } from 'vitest';
import { type Kind, type KindProps, kindNames, type NodeLiteral, type PropsOf } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';

/** The smallest props of each kind that needs any: one added to the protocol does not compile here without them. */
const smallest: { readonly [K in Kind as object extends KindProps[K] ? never : K]: PropsOf<K> } = {
  label: { text: 'text' },
  button: { text: 'text' },
  input: { label: 'label', value: 'value' },
  checkbox: { text: 'text', value: true },
  select: {
    label: 'label',
    options: [
      { value: 'a', text: 'A' },
      { value: 'b', text: 'B' },
    ],
    value: 'b',
  },
  link: { text: 'text', href: '/there' },
  progress: { value: 0.426 },
  image: { src: '/a.png', alt: 'alt' },
  log: { lines: ['one', '', '<two>'], max: 3, total: 5 },
  notification: { text: 'text', type: 'info', timeout: 0 },
  dialog: { open: false, label: 'label' },
  confirm: { text: 'text', ok: 'OK', cancel: 'Cancel' },
  prompt: { text: 'text', value: 'value', ok: 'OK', cancel: 'Cancel' },
  tabs: {
    value: 'b',
    tabs: [
      { value: 'a', text: 'A' },
      { value: 'b', text: 'B' },
    ],
  },
};

function html(kind: string, props: object = {}, children: readonly NodeLiteral[] = []): string {
  const page = renderTree([1, 'root', {}, [[2, kind, props as Record<string, never>, children]]]);
  return page.replace(/^<main data-id="1" class="edgewise-root">/, '').replace(/<\/main>$/, '');
}

test('every kind has a component, and each that shows something carries its node’s id', () => {
  const silent: Kind[] = ['fragment', 'notification', 'timer'];
  for (const kind of kindNames()) {
    if (kind === 'root') continue;
    const shown = html(kind, kind in smallest ? smallest[kind as keyof typeof smallest] : {});
    if (silent.includes(kind)) expect(shown, kind).toBe('');
    else expect(shown, kind).toContain('data-id="2"');
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
    'image',
    'log',
    'tabs',
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
  expect(html('label', { text: 'x', hidden: true })).toMatch(/ hidden/);
  expect(html('fragment', { hidden: true }, [[3, 'label', { text: 'x' }]])).toBe('');
});

test('a kind of a newer server shows nothing', () => {
  expect(html('hologram')).toBe('');
  expect(html('__proto__')).toBe('');
});
