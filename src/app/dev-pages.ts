import { ui } from '../elements/index.ts';
import type { PageContext } from './page-context.ts';

// A module of its own, because the build of an application leaves it out: see src/vite/dev-pages.ts.

/** The pages that an application has in development: the jobs of the visitor's session. */
export const devPages: readonly { readonly pattern: string; build(page: PageContext): void }[] = [
  { pattern: '/_edgewise/jobs', build: jobsPage },
];

function jobsPage(page: PageContext): void {
  page.title = 'Jobs';
  ui.column(() => {
    ui.label('Jobs').classes('text-2xl font-semibold').props({ role: 'heading', 'aria-level': 1 });
    ui.label(
      'Every job of your session, and the shared ones that its pages have used, the newest first. This page is here in development only.',
    ).classes('opacity-70');
    ui.jobs();
  }).classes('mx-auto w-full max-w-3xl gap-4 p-2 sm:p-6');
}
