import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { formatRichText, type Json, type Markup, readRichText } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

const texts = fc.stringMatching(/^[\s\S]{1,12}$/);
const { markup } = fc.letrec<{ markup: Markup }>((tie) => ({
  markup: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc
      .tuple(
        fc.constantFrom('p', 'b', 'a', 'ul', 'li', 'blockquote'),
        fc.dictionary(fc.constantFrom('title', 'lang', 'href'), texts.map(encodeURIComponent)),
        fc.array(tie('markup'), { maxLength: 3 }),
      )
      .map(([tag, attributes, children]) => [tag, attributes, ...children] as Markup),
  ),
}));

test('rich text is read as it was written', () => {
  fc.assert(
    fc.property(fc.array(markup, { maxLength: 4 }), (content) => {
      const html = formatRichText(content);
      expect(formatRichText(readRichText(html) ?? ['unread'])).toBe(html);
    }),
  );
});

/** Values that a browser without manners sends. */
const hostile: readonly Json[] = [
  '<script>alert(1)</script>',
  '<img src="x" onerror="alert(1)">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java\nscript:alert(1)">x</a>',
  '<iframe src="/"></iframe>',
  '<p style="position:fixed">x</p>',
  '<p class="edgewise-shell">x</p>',
  '<p id="edgewise">x</p>',
  '<p>open',
  'closed</p>',
  '<b><i>crossed</b></i>',
  'a < b',
  '&nbsp;',
  '<p title=x>x</p>',
  '<__proto__>x</__proto__>',
  '<p __proto__="x">x</p>',
  '<P>x</P>',
  '<b>'.repeat(65) + '</b>'.repeat(65),
  5,
  null,
  ['<p>x</p>'],
];

describe('an editor', () => {
  test.each(hostile)('refuses %j from a browser', async (value) => {
    using user = await open({ '/': () => ui.editor('Text', { value: '<p>first</p>' }) });
    user.find({ kind: 'editor' }).emit('value', value);
    await user.settle();
    expect(user.find({ kind: 'editor' }).props.value).toBe('<p>first</p>');
  });

  test('gives the state that it is bound to what the user writes, also after a kill', async () => {
    using user = await open({
      '/': () => {
        const text = ui.state('<p>first</p>');
        ui.editor('Text', { value: text });
        ui.label(() => `stored: ${text.value}`);
      },
    });
    user.find({ kind: 'editor' }).emit('value', '<p>a &amp; <b>b</b><br></p>');
    await user.shouldSee('stored: <p>a &amp; <b>b</b><br></p>');
    user.server.kill();
    await user.settle();
    expect(user.find({ kind: 'editor' }).props.value).toBe('<p>a &amp; <b>b</b><br></p>');
  });

  test('shows what the program sets, without what is not allowed, and leaves the program’s own text as it is', async () => {
    using user = await open({
      '/': () => {
        const text = ui.state('<p onclick="x()" class=big>One&nbsp;<script>alert(1)</script><b>two</b>');
        const editor = ui.editor('Text', { value: text });
        ui.button('Set', () => (editor.value = '<div>three &lt;'));
        ui.label(() => `stored: ${text.value}`);
      },
    });
    expect(user.find({ kind: 'editor' }).props.value).toBe('<p>One\u00a0<b>two</b></p>');
    expect(user.sees('stored: <p onclick="x()" class=big>One&nbsp;<script>alert(1)</script><b>two</b>')).toBe(true);
    user.find('Set').click();
    await user.settle();
    expect(user.find({ kind: 'editor' }).props.value).toBe('<div>three &lt;</div>');
  });

  test('that is read-only, or has a longest text, refuses values', async () => {
    using user = await open({
      '/': () => {
        ui.editor('Short', { maxLength: 10 });
        ui.editor('Fixed', { value: '<p>x</p>', readOnly: true });
      },
    });
    const [short, fixed] = user.find({ kind: 'editor' }).all;
    short?.emit('value', '<p>long</p>');
    fixed?.emit('value', '<p>y</p>');
    await user.settle();
    expect(user.find({ kind: 'editor' }).all.map(({ props }) => props.value)).toEqual(['', '<p>x</p>']);
  });

  test('is in the first paint with its text, and nothing in it is a tag that was a text', () => {
    const html = renderTree([
      1,
      'root',
      {},
      [[2, 'editor', { label: 'Text', value: '<p>&lt;b&gt; <b>bold</b></p>', tools: ['bold'] }]],
    ]);
    expect(html).toContain('<p>&lt;b> <b>bold</b></p>');
    expect(html).toMatch(/role="toolbar" aria-label="Text: formatting"/);
    expect(html).toMatch(/role="textbox" aria-multiline="true"/);
  });
});
