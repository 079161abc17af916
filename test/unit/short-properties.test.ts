import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import { properties, shorten } from '../../src/vite/short-properties.ts';

const root = path.resolve(import.meta.dirname, '../..');
const textOf = (pattern: string, cwd = root) =>
  globSync(pattern, { cwd })
    .map((file) => readFileSync(path.join(cwd, file), 'utf8'))
    .join('\n');
const short = (code: string) => shorten(code, parseSync('x.js', code).program).code;

describe('the properties whose names the build of the client shortens', () => {
  const sources = textOf('{client,src/protocol,src/clock}/**/*.{ts,tsx}');
  const foundIn = (text: string, around: (name: string) => RegExp) =>
    properties.filter((name) => around(name).test(text));

  test('are the own ones of no object of a browser', () => {
    const folder = path.dirname(globSync('node_modules/@typescript/*/lib/lib.dom.d.ts', { cwd: root })[0] ?? '');
    const declared = textOf('lib.{dom,es*}*.d.ts', path.join(root, folder));
    expect(declared.length).toBeGreaterThan(1_000_000);
    expect(foundIn(declared, (name) => new RegExp(`^\\s+(?:(?:readonly|get|set) )*${name}\\??\\s*[:(<]`, 'm'))).toEqual(
      [],
    );
  });

  test('are named by no text, by which code could reach them', () => {
    const code = sources.replaceAll(/\/\*\*[^]*?\*\//g, '').replaceAll(/\b\w+\['\w+'\](?=>|\))/g, '');
    expect(foundIn(code, (name) => new RegExp(`(['"\`])${name}\\1`))).toEqual([]);
  });

  test('are no props of elements, no data of frames and no exports of modules', () => {
    const parses = globSync('client/**/*.{ts,tsx}', { cwd: root }).filter((file) =>
      /JSON\.parse|\.json\(/.test(textOf(file)),
    );
    expect(parses).toContain('client/components/transfer.ts');
    const data = [textOf('src/protocol/**/*.ts'), ...parses.map((file) => textOf(file))].join('\n');
    // Fields of interfaces; a class may have fields of these names.
    const fields = [...data.matchAll(/^(?:export )?interface [^]*?^}/gm)].join('\n');
    expect(foundIn(fields, (name) => new RegExp(`^\\s*(?:readonly )?${name}\\??:`, 'm'))).toEqual([]);
    expect(foundIn(sources, (name) => new RegExp(`^export .*\\b(?:function|class|const) ${name}\\b`, 'm'))).toEqual([]);
  });

  test('are used of no object of a library', () => {
    const text = textOf('client/{libraries,components/libraries}/*.{ts,tsx}').replaceAll(/\b(?:replica|own)\.\w+/g, '');
    expect(foundIn(text, (name) => new RegExp(`\\.${name}\\b`))).toEqual([]);
  });

  test('are in use, each once in the list', () => {
    expect(properties.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([]);
    expect(new Set(properties).size).toBe(properties.length);
  });
});

describe('a module of the client', () => {
  test('has short names of its private members and properties', () => {
    const code = 'class A{#b;c;#d=1;static async#e({replica,lookup:x}){this.#b=replica.registry}}';
    expect(short(code)).toMatch(/^class A\{t=1;static async n\(\{\$\w: replica,\$\w:x\}\)\{this\.e=replica\.\$\w\}\}$/);
  });

  test('has the names of a class below another of ours, which may have a member of the same name', () => {
    const code = `import{Component as C}from"preact";class A extends C{#a}class B extends A{#a=1;b(){this.#a}}`;
    expect(short(code)).toBe(
      `import{Component as C}from"preact";class A extends C{}class B extends A{#a=1;b(){this.#a}}`,
    );
  });
});
