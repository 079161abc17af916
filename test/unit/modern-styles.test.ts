import { expect, test } from 'vitest';
import { modern } from '../../src/vite/modern-styles.ts';

test.each([
  [
    'a mixed colour replaces the plain one before it',
    '.a { top: 0; color: red;\n  @supports (color: color-mix(in lab, red, red)) {color: color-mix(in oklab, red 50%, blue);}}',
    '.a { top: 0; color: color-mix(in oklab, red 50%, blue);}',
  ],
  [
    'a block within one, and braces in a text, stay whole',
    `@supports (color: color-mix(in lab, red, red)) {.a{content:"}";& b{top:0}}}.c{top:1px}`,
    `.a{content:"}";& b{top:0}}.c{top:1px}`,
  ],
  [
    'values for browsers without registered properties go',
    '@layer properties {@supports (a: b) {*{--x:0}}}.a{top:0}',
    '.a{top:0}',
  ],
  [
    'a mixed colour replaces the plain one in the rule of the same class before it',
    '.a {\n  color: red;\n}\n@supports (color: color-mix(in lab, red, red)) {.a {\n  color: color-mix(in oklab, red 50%, blue);\n}}',
    '.a {\n  color: color-mix(in oklab, red 50%, blue);\n}',
  ],
  [
    'the rule of another class before it stays',
    '.b .a {\n  color: red;\n}\n.a {\n  color: color-mix(in oklab, red 50%, blue);\n}',
    '.b .a {\n  color: red;\n}\n.a {\n  color: color-mix(in oklab, red 50%, blue);\n}',
  ],
  [
    'what no browser knows goes',
    '.a { webkit-user-select: none;-webkit-user-select: none; }',
    '.a { -webkit-user-select: none; }',
  ],
  [
    'an animation of daisyUI that nothing uses goes',
    '@keyframes toast {0% {top:0;}}.toast {top:0;}@keyframes menu {0% {top:0;}}.m {animation: 1s menu;}@keyframes mine {0% {top:0;}}',
    '.toast {top:0;}@keyframes menu {0% {top:0;}}.m {animation: 1s menu;}@keyframes mine {0% {top:0;}}',
  ],
  [
    'a property of Tailwind that nothing uses goes',
    '@property --tw-a {inherits:false}@property --tw-b {inherits:false}@property --mine {inherits:false}.a {top: var(--tw-b); left: var(--tw-a-b);}',
    '@property --tw-b {inherits:false}@property --mine {inherits:false}.a {top: var(--tw-b); left: var(--tw-a-b);}',
  ],
  [
    'the colours of a step that the application does not name go',
    '.steps .step-info  + .step-info:before, .steps .step-info:after {top:0}.steps .step-primary  + .step-primary:before {top:0}',
    '.steps .step-primary  + .step-primary:before {top:0}',
  ],
  [
    'what a checkbox does to the theme goes where the application has none',
    ':where(:root), :root:has(input.theme-controller[value=light]:checked), [data-theme=light] {top:0}',
    ':where(:root), [data-theme=light] {top:0}',
  ],
  [
    'the grain of daisyUI goes where its picture is left out',
    '.a {background-size: auto, calc(var(--noise) * 100%);background-image: none, var(--fx-noise);top:0;}',
    '.a {top:0;}',
  ],
  [
    'the grain of daisyUI stays with its picture',
    ':root {--fx-noise: url("a.svg");}.a {background-image: none, var(--fx-noise);}',
    ':root {--fx-noise: url("a.svg");}.a {background-image: none, var(--fx-noise);}',
  ],
  [
    'the lines of an icon are those of the picture, which is as large as its mask',
    `.a {--svg: url("data:image/svg+xml,%3Csvg viewBox='0 0 24 24' width='24' height='24'%3E%3Cpath fill='none' stroke='black' stroke-width='2' d='M0 0'/%3E%3C/svg%3E");}`,
    `.a {--svg: url("data:image/svg+xml,<svg viewBox='0 0 24 24' fill='none' stroke='black' stroke-width='2'><path d='M0 0'/></svg>");}`,
  ],
  ['other conditions stay', '@supports (display: grid) {.a{top:0}}', '@supports (display: grid) {.a{top:0}}'],
  ['two values of another property stay', '.a{height:100vh;height:100dvh}', '.a{height:100vh;height:100dvh}'],
])('in the style sheet of a build, %s', (_, css, expected) => {
  expect(modern(css, () => false)).toBe(expected);
});

test('the style sheet of a build has the colours of a step that the application names', () => {
  const css = '.steps .step-info  + .step-info:before {top:0}';
  expect(modern(css, (name) => name === 'step-info')).toBe(css);
});

test('the style sheet of a build has an animation that a line of the application uses', () => {
  const css = '@keyframes toast {to{top:0}}';
  expect(modern(css, (name) => name === 'toast')).toBe('');
  expect(modern(css, (name) => name === 'animation toast')).toBe(css);
});
