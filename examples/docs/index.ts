import { type App, type PageContext, ui } from 'edgewise';
import llms from '../../llms.txt?raw';
import { type Chapter, chapters } from './chapters.ts';
import { nameOf, type Part, partsOf, sectionsOf } from './sections.ts';

/**
 * Adds the guide: the list of its chapters at `/docs`, a page for each of them, and `/llms.txt` for language models. `around` adds
 * what stands around a page.
 */
export function addGuide(app: App, around: () => void): void {
  app.page('/docs', (page) => {
    around();
    page.title = 'Guide · Edgewise';
    ui.column(() => {
      ui.link('← All pages', '/').classes('link link-hover text-sm');
      ui.heading('Guide', { level: 1 }).classes('text-2xl font-semibold');
      ui.label('Each example in it is a file of the repository that its tests run.').classes('opacity-70');
      ui.grid(
        () => {
          for (const { title, path, text } of chapters) {
            ui.card(() => {
              ui.link(title, path).classes(
                'link link-primary link-hover text-lg font-semibold after:absolute after:inset-0 focus-visible:outline-none',
              );
              ui.label(leadOf(text)).classes('opacity-80');
            }).classes('relative w-full gap-1 transition-shadow hover:shadow-md has-[a:focus-visible]:outline-2');
          }
        },
        { columns: { base: 1, sm: 2 } },
      ).classes('w-full items-stretch gap-3');
    }).classes('mx-auto w-full max-w-5xl gap-3 p-4 sm:p-8');
  });
  for (const chapter of chapters) {
    app.page(chapter.path, (page) => {
      around();
      show(page, chapter);
    });
  }
  app.get('/llms.txt', (c) => c.text(onSite(llms)));
}

/** Returns a text whose links lead to pages of this site. What has none here is a text without a link. */
function onSite(text: string): string {
  return text
    .replaceAll(/\]\(docs\/guide\/([\w-]+)\.md\)/g, '](/docs/$1)')
    .replaceAll(/\[([^\]]+)\]\((?!\/|https:)[^)]*\)/g, '$1');
}

/** Shows a chapter, with the list of its sections beside it where the window is wide. */
function show(page: PageContext, chapter: Chapter): void {
  const { title, path, text } = chapter;
  page.title = `${title} · Guide · Edgewise`;
  const [lead, ...sections] = sectionsOf(text);
  ui.row(() => {
    ui.column(() => {
      ui.link('← Guide', '/docs').classes('link link-hover text-sm');
      ui.heading(title, { level: 1 }).classes('text-3xl font-semibold tracking-tight');
      for (const part of partsOf(lead?.text ?? '')) showPart(part);
      for (const section of sections) {
        ui.linkTarget(nameOf(section.title));
        ui.heading(section.title).classes('mt-4 text-xl font-semibold');
        for (const part of partsOf(section.text)) showPart(part);
      }
      neighbours(path);
    }).classes('w-full min-w-0 max-w-3xl items-stretch gap-4');
    ui.element('nav')
      .add(() => {
        ui.label('On this page').classes('text-sm font-semibold');
        for (const section of sections) {
          ui.link(section.title, `#${nameOf(section.title)}`).classes('link link-hover text-sm opacity-80');
        }
      })
      .props({ 'aria-label': 'On this page' })
      .classes('sticky top-20 hidden w-52 shrink-0 flex-col gap-2 lg:flex');
  }).classes('mx-auto w-full max-w-5xl flex-nowrap items-start gap-10 p-4 sm:p-8');
}

function showPart(part: Part): void {
  if ('code' in part) ui.code(part.code, { language: part.language }).classes('w-full');
  else ui.markdown(part.markdown);
}

/** Shows the ways to the chapters before and after. */
function neighbours(path: string): void {
  const at = chapters.findIndex((one) => one.path === path);
  ui.element('nav')
    .add(() => {
      const [before, after] = [chapters[at - 1], chapters[at + 1]];
      if (before) ui.link(`← ${before.title}`, before.path).classes('link link-primary link-hover');
      ui.space();
      if (after) ui.link(`${after.title} →`, after.path).classes('link link-primary link-hover');
    })
    .props({ 'aria-label': 'Chapters before and after' })
    .classes('mt-8 flex gap-4 border-t border-base-300 pt-4');
}

/** Returns the first sentence of a chapter. */
export function leadOf(text: string): string {
  return /^# .+\n+([^]+?[.!?])(?=\s)/.exec(text)?.[1]?.replaceAll(/\s+/g, ' ').replaceAll('`', '') ?? '';
}
