import { ui } from '../elements/index.ts';
import type { PageContext } from './page-context.ts';

/** Where a visitor in development sees the jobs of the own session. */
export const jobsPath = '/_edgewise/jobs';

/** The page of jobs for developers. */
export function jobsPage(page: PageContext): void {
  page.title = 'Jobs';
  ui.column(() => {
    ui.label('Jobs').classes('text-2xl font-semibold').props({ role: 'heading', 'aria-level': 1 });
    ui.label(
      'Every job of your session, and the shared ones that its pages have used, the newest first. This page is here in development only.',
    ).classes('opacity-70');
    ui.jobs();
  }).classes('mx-auto w-full max-w-3xl gap-4 p-2 sm:p-6');
}
