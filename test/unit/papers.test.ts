import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'rolldown/utils';
import { describe, expect, test } from 'vitest';

const top = path.resolve(import.meta.dirname, '../..');
const papers = ['*.md', 'docs/*.md', 'docs/{internals,guide}/**/*.md', 'src/**/*.md', 'examples/**/*.md']
  .flatMap((pattern) => globSync(pattern, { cwd: top }))
  .filter((file) => !file.includes('node_modules'))
  .map((file) => [file, readFileSync(path.join(top, file), 'utf8')] as const);
const sources = ['src', 'client']
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: top }))
  .filter((file) => !/\.(d|gen)\.ts$/.test(file));

/** Returns the sentences of a text in Markdown: not its code, its tables and its headings. */
function sentences(text: string): string[] {
  return text
    .replaceAll(/^ *```.*?^ *```/gms, '\n\n')
    .replaceAll(/^\s*(\|.*|#.*|<.*)$/gm, '\n')
    .replaceAll(/`[^`]*`/g, 'code')
    .split(/\n\s*\n|\n\s*(?:[-*]|\d+\.) |(?<=[.!?])\s/)
    .map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim())
    .filter((sentence) => /\w/.test(sentence));
}

/** Returns the prose of the comments of a source: lines that follow each other are one text. */
function comments(file: string): string {
  const text = readFileSync(path.join(top, file), 'utf8');
  let end = 0;
  return parseSync(file, text)
    .comments.map((comment) => {
      const gap = text.slice(end, comment.start).trim() === '' && comment.type === 'Line' ? '\n' : '\n\n';
      ({ end } = comment);
      return (
        gap +
        comment.value
          .replaceAll(/^\s*\*? ?/gm, '')
          .replaceAll(/^@example\b[^@]*/gm, '')
          .replaceAll(/^@/gm, '\n\n@')
      );
    })
    .join('');
}

const words = (sentence: string) => sentence.split(' ').length;
const long = (file: string, text: string) =>
  sentences(text)
    .filter((sentence) => words(sentence) > 40)
    .map((sentence) => `${file}: ${sentence}`);

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

describe('the papers', () => {
  test('are found', () => {
    expect(papers.map(([file]) => file)).toEqual(expect.arrayContaining(['README.md', 'docs/guarantees.md']));
  });

  test('have no line above 120 characters outside of tables', () => {
    const wide = papers.flatMap(([file, text]) =>
      text.split('\n').flatMap((line, at) => (line.length > 120 && !line.startsWith('|') ? [`${file}:${at + 1}`] : [])),
    );
    expect(wide).toEqual([]);
  });

  test('link to files of the repository that are there', () => {
    const wrong = papers.flatMap(([file, text]) =>
      [...text.replaceAll(/^ *```.*?^ *```/gms, '').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, to = '']) => to)
        .filter((to) => !/^\w+:/.test(to) && !existsSync(path.resolve(top, path.dirname(file), to)))
        .map((to) => `${file}: ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test('explain the architecture on at most 200 lines', () => {
    const [, text = ''] = papers.find(([file]) => file === 'ARCHITECTURE.md') ?? [];
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  test('have no sentence above 40 words, and a median of at most 20', () => {
    expect(papers.flatMap(([file, text]) => long(file, text))).toEqual([]);
    expect(median(papers.flatMap(([, text]) => sentences(text).map(words)))).toBeLessThanOrEqual(20);
  });
});

test('the comments of the code have no sentence above 40 words, and a median of at most 20', () => {
  const texts = sources.map((file) => [file, comments(file)] as const);
  expect(texts.flatMap(([file, text]) => long(file, text))).toEqual([]);
  expect(median(texts.flatMap(([, text]) => sentences(text).map(words)))).toBeLessThanOrEqual(20);
});

test.each(['hello', 'chat', 'dashboard'])(
  'the AGENTS.md of the template %s names files and scripts that it has',
  (name) => {
    const template = path.join(top, 'templates', name);
    const text = readFileSync(path.join(template, 'AGENTS.md'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(path.join(template, 'package.json'), 'utf8')) as { scripts: object };
    const commands = [...text.matchAll(/`npm (?:run )?(\w+)/g)].map(([, script]) => script);
    expect(commands.filter((script) => !Object.hasOwn(scripts, script ?? ''))).toEqual([]);
    const named = [...text.matchAll(/`([\w.]+\.ts)`/g)].map(([, file = '']) => file);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((file) => !existsSync(path.join(template, file)))).toEqual([]);
  },
);

test('no example that an author may copy says "1 times"', () => {
  const examples = ['examples', 'templates']
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: top }))
    .filter((file) => !file.includes('node_modules'))
    .map((file) => [file, readFileSync(path.join(top, file), 'utf8')] as const);
  const docstrings = sources.map((file) => {
    const text = readFileSync(path.join(top, file), 'utf8');
    return [file, (text.match(/^ *\* .*$/gm) ?? []).join('\n')] as const;
  });
  const plural =
    /\$\{[^{}]*\b(value|length|size|count|clicks)\b[^{}]*\} (?!(is|has|was|as|this)\b)(?!pixels\b)[a-z]+s\b/g;
  const found = [...papers, ...examples, ...docstrings].flatMap(([file, text]) =>
    [...text.matchAll(plural)].map(([match]) => `${file}: ${match}`),
  );
  expect(found).toEqual([]);
});
