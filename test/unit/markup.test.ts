import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { highlighted } from '../../src/elements/text/highlight.ts';
import { parseMarkup } from '../../src/elements/text/markup.ts';
import type { Markup } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

/** What a browser gets of HTML that an author shows. */
const shown = (source: string) =>
  renderTree([1, 'root', {}, [[2, 'html', { content: parseMarkup(source) as never }]]])
    .replace(/^.*<div data-id="2" class="edgewise-html">/, '')
    .replace(/<\/div><\/main><\/div>$/, '');

describe('HTML of a stranger', () => {
  test.each([
    ['<b>bold</b> and <i>italic</i>', '<b>bold</b> and <i>italic</i>'],
    ['<a href="/there" target="_blank">go</a>', '<a href="/there" target="_blank" rel="noopener noreferrer">go</a>'],
    ['a &lt;b&gt; &amp; c', 'a &lt;b> &amp; c'],
    ['<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>', '<svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>'],
    ['<ul><li>one<li>two</ul>', '<ul><li>one</li><li>two</li></ul>'],
  ])('%s is shown as it is', (source, html) => {
    expect(shown(source)).toBe(html);
  });

  test.each([
    ['<script>alert(1)</script>after', 'after'],
    ['<style>body{display:none}</style>after', 'after'],
    ['<iframe src="//evil"></iframe>after', 'after'],
    ['<img src="x" onerror="alert(1)">', '<img src="x"/>'],
    ['<img src="javascript:alert(1)">', '<img/>'],
    ['<a href="java\tscript:alert(1)">go</a>', '<a>go</a>'],
    ['<a href="data:text/html,<script>">go</a>', '<a>go</a>'],
    ['<form action="//evil"><input name="a">text</form>', 'text'],
    ['<div id="e2" class="fixed inset-0" style="position:fixed">x</div>', '<div>x</div>'],
    ['<svg><use href="//evil#a"/><foreignObject><p>x</p></foreignObject></svg>', '<svg><p>x</p></svg>'],
    ['<math><mi><script>1</script></mi></math>after', 'after'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>', ''],
    ['<meta http-equiv="refresh" content="0"><base href="//evil"><link rel="stylesheet" href="//evil">x', 'x'],
    ['<p __proto__="x" constructor="y">x</p>', '<p constructor="y">x</p>'],
  ])('%s does nothing in the page', (source, html) => {
    expect(shown(source)).toBe(html);
  });

  test('a thousand nested elements are cut, and what follows them is shown', () => {
    const html = shown(`${'<div>'.repeat(1_000)}deep${'</div>'.repeat(1_000)}after`);
    expect(html.match(/<div>/g)).toHaveLength(64);
    expect(html).toMatch(/after$/);
  });
});

test('trusted HTML has its classes and styles', () => {
  expect(parseMarkup('<b class="a" style="color:red" onclick="x">x</b>', true)).toEqual([
    ['b', { class: 'a', style: 'color:red' }, 'x'],
  ]);
});

test('ui.html follows its signal, and is there after a kill', async () => {
  using user = await open({
    '/': () => {
      const name = ui.state('Ada');
      ui.html(() => `<b>${name.value}</b> is here`);
      ui.button('Next', () => (name.value = 'Bob'));
    },
  });
  await user.shouldSee('Ada is here');
  user.find('Next').click();
  await user.shouldSee('Bob is here');
  user.server.kill();
  await user.settle();
  expect(user.sees('Bob is here')).toBe(true);
});

describe('ui.markdown', () => {
  const page = (text: string, options = {}) => open({ '/': () => ui.markdown(text, options) });
  const blocks = async (text: string, options = {}) => {
    using user = await page(text, options);
    return user.find({ kind: 'markdownBlock' }).all.map(({ props }) => (props.content as unknown as Markup[])[0]);
  };

  test('shows blocks as elements, and ignores the indentation of the source', async () => {
    expect(
      await blocks(`
        # Title
        - **one**
        - [two](/two)
      `),
    ).toEqual([
      ['h1', {}, 'Title'],
      ['ul', {}, '\n', ['li', {}, ['strong', {}, 'one']], '\n', ['li', {}, ['a', { href: '/two' }, 'two']], '\n'],
    ]);
  });

  test.each([
    ['<script>alert(1)</script>', undefined],
    ['[a](javascript:alert(1))', ['p', {}, ['a', {}, 'a']]],
    ['<b onclick="x">b</b>', ['p', {}, ['b', {}, 'b']]],
  ])('%s does nothing in the page', async (text, first) => {
    expect((await blocks(text))[0]).toEqual(first);
  });

  test('a half-written text shows as it will be', async () => {
    expect(await blocks('This is **bo', { streaming: true })).toEqual([['p', {}, 'This is ', ['strong', {}, 'bo']]]);
  });

  test('a text that grows sends its last block only', async () => {
    using user = await open({
      '/': () => {
        const text = ui.state('# Title\n\nfirst');
        ui.markdown(text);
        ui.button('More', () => (text.value += ' and more'));
      },
    });
    const [title, last] = user.find({ kind: 'markdownBlock' }).all.map(({ props }) => props.content);
    user.find('More').click();
    await user.shouldSee('first and more');
    const [title2, last2] = user.find({ kind: 'markdownBlock' }).all.map(({ props }) => props.content);
    expect(title2).toBe(title);
    expect(last2).not.toEqual(last);
  });
});

describe('highlighted code', () => {
  test.each(['// first\n\nlet a;\n', '\n\n', '`\n${a}\n`', '/* a\n\n b */', ''])(
    'has no empty texts, which a browser would not read back: %j',
    (source) => {
      const texts = highlighted(source, 'ts').map((token) => (typeof token === 'string' ? token : token[2]));
      expect(texts).not.toContain('');
    },
  );

  test('has spans for keywords, texts and comments, and plain text for the rest', () => {
    expect(highlighted('const a = "x"; // hi\n', 'ts')).toEqual([
      ['span', { class: 'sh-keyword' }, 'const'],
      ' a = ',
      ['span', { class: 'sh-string' }, '"x"'],
      '; ',
      ['span', { class: 'sh-comment' }, '// hi'],
    ]);
  });

  test.each(['python', 'json', 'shell', 'no-such-language'])('in %s has all of its text', (language) => {
    const source = 'a <b> & "c"\n  d # e';
    const text = (parts: readonly Markup[]): string =>
      parts.map((part) => (typeof part === 'string' ? part : text(part.slice(2) as Markup[]))).join('');
    expect(text(highlighted(source, language))).toBe(source);
  });
});

test.each(['script', 'iframe', 'form', 'input', 'object', 'SCRIPT', 'x-y'])('ui.element makes no %s', async (tag) => {
  await expect(open({ '/': () => ui.element(tag) })).rejects.toThrow(/ui\.element makes no/);
});

test('ui.element has a text, children, classes and events', async () => {
  let clicks = 0;
  using user = await open({
    '/': () => {
      ui.element('section', () => ui.label('inside'), { text: 'before' })
        .classes('p-4')
        .on('click', () => clicks++);
    },
  });
  user.find('before').click();
  await user.settle();
  expect(clicks).toBe(1);
  expect(user.sees('inside')).toBe(true);
});
