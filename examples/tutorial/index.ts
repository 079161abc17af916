import type { Example } from '../gallery/example.ts';
import { projectOfPage } from '../gallery/project.ts';
import { sourceOf } from '../gallery/sources.ts';
import { blocking } from './blocking.ts';
import { cpu } from './cpu.ts';
import { fetchPage } from './fetch.ts';
import { io } from './io.ts';
import { progress } from './progress.ts';
import { sharedPage } from './shared.ts';

const pages: readonly Example[] = [
  page('blocking', 'Blocking', 'Computing in a handler: the page freezes. How not to do it.', blocking),
  page('io', 'I/O', 'Waiting for something slow while the page goes on.', io),
  page('fetch', 'Fetch', 'Loading from an address the visitor types.', fetchPage),
  page('cpu', 'CPU', 'A heavy calculation in another Worker, while the page goes on.', cpu, 'tasks.ts'),
  page(
    'progress',
    'Report',
    'A job that shows how far it is, says what it finds, and can be cancelled.',
    progress,
    'tasks.ts',
  ),
  page('shared', 'Shared', 'A count and a note that are the same for all visitors, live.', sharedPage),
];

/** The pages of the tutorial, in the order in which to read them. */
export const tutorial: readonly Example[] = pages.map((one, at) => {
  const next = pages[at + 1];
  return next ? { ...one, next } : one;
});

function page(name: string, title: string, line: string, build: Example['build'], ...more: string[]): Example {
  const files = [`tutorial/${name}.ts`, ...more];
  const text = files.map(sourceOf).join('\n');
  const [, func = ''] = /^export function (\w+)\(/m.exec(text) ?? [];
  return {
    path: `/tutorial/${name}`,
    title,
    line,
    text,
    files,
    build,
    project: projectOfPage({
      name: `tutorial-${name}`,
      title,
      files,
      app: `import { App } from 'edgewise';
import { ${func} } from './tutorial/${name}.ts';

export default new App({ title: '${title}' }).page('/', ${func});
`,
    }),
  };
}
