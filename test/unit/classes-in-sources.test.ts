import { expect, test } from 'vitest';
import { classesIn } from '../../src/vite/styles.ts';

test.each([
  ["ui.label('A').classes('blur')", ['blur']],
  ["ui.label('A').classes(() => (open.value ? 'blur' : 'invert'))", ['blur', 'invert']],
  ["ui.column(() => ui.link('A')).classes('static p-4')", ['static']],
  ['<ol class="timeline">', ['timeline']],
  ["ui.link('drawer')", []],
  ["import { timeline } from './timeline.ts'; if (!visible) static();", []],
] as const)('the build finds in %s the classes %j', (source, classes) => {
  expect([...classesIn(source)]).toEqual(classes);
});
