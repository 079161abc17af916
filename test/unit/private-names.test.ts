import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { shorten } from '../../src/vite/private-names.ts';

const short = (code: string) => shorten(code, parseSync('x.js', code).program).code;

test('a module of the client has short names of its private members, and no fields without a value', () => {
  const code = 'class A{#b;c;#d=1;static async#e({replica}){this.#b=replica.registry}}';
  expect(short(code)).toBe('class A{t=1;static async n({replica}){this.e=replica.registry}}');
});

test('a class below another of ours, which may have a member of the same name, keeps its private names', () => {
  const code = `import{Component as C}from"preact";class A extends C{#a}class B extends A{#a=1;b(){this.#a}}`;
  expect(short(code)).toBe(
    `import{Component as C}from"preact";class A extends C{}class B extends A{#a=1;b(){this.#a}}`,
  );
});
