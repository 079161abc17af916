import { type PageContext, ui } from 'edgewise';
import { code } from './code.ts';
import { type Frame, framed } from './frame.ts';
import type { Place } from './places.ts';
import type { Project } from './project.ts';

/** What an example is, and what builds it. */
export interface Shown extends Omit<Place, 'path'> {
  build(page: PageContext): unknown;
}

/** A page of the gallery with its code. */
export interface Example extends Place, Shown {
  /** Paths of the files that are shown beside it. */
  readonly files: readonly string[];
  readonly project: Project;
  /** The page to read after this one. @default none */
  readonly next?: Place;
}

/** The page of an example: the example at work, and its code beside it; below it where the window is narrow. */
export function examplePage(around: Frame, { title, line, files, project, build, next }: Example) {
  return framed(around, title, show, { wide: true });

  function show(page: PageContext) {
    ui.column(() => {
      ui.heading(title, { level: 1 }).classes('text-2xl font-semibold tracking-tight');
      ui.label(line).classes('opacity-70');
    }).classes('gap-1');
    ui.grid(
      () => {
        ui.card(() => {
          ui.column(() => {
            build(page);
          }).classes('w-full items-start gap-4');
        })
          .classes('w-full')
          // What an example shows for a while moves no code below it.
          .style('min-height: 18rem');
        code(files, project);
      },
      { columns: { base: 1, xl: 2 } },
    ).classes('gap-8');
    if (next) ui.link(`Next: ${next.title} →`, next.path).classes('btn btn-outline self-end');
  }
}
