import { type PageContext, ui } from 'edgewise';
import { openAsProject } from '../gallery/code.ts';
import { type Frame, framed } from '../gallery/frame.ts';
import { cards } from '../gallery/front.ts';
import type { Place } from '../gallery/places.ts';
import { type Project, projectOfPage } from '../gallery/project.ts';
import { client } from './client.ts';
import { data } from './data.ts';
import { codeOf, type Family } from './family.ts';
import { feedback } from './feedback.ts';
import { inputs } from './inputs.ts';
import { layout } from './layout.ts';
import { libraries } from './libraries.ts';
import { media } from './media.ts';
import { overlays } from './overlays.ts';
import { pages } from './pages.ts';
import { shell } from './shell.ts';
import { text } from './text.ts';

/** The families, in the order of their list. */
export const families: readonly Family[] = [
  inputs,
  layout,
  data,
  media,
  libraries,
  feedback,
  overlays,
  text,
  pages,
  shell,
  client,
];

interface FamilyPlace extends Place {
  readonly project: Project;
}

/** The page of each family. */
export const elements: readonly FamilyPlace[] = families.map((family) => ({
  title: family.title,
  path: `/elements/${nameOf(family)}`,
  line: family.line,
  project: projectOf(family),
}));

/** The entries of all pages, which are found by the names of their elements, too. */
export const elementEntries: readonly Place[] = families.flatMap((family) =>
  family.entries.map(({ name }) => {
    const code = codeOf(family.source, name);
    const used = [...new Set(code.match(/\bui\.\w+/g))].slice(0, 4).join(', ');
    return {
      title: name,
      path: `/elements/${nameOf(family)}#${anchorOf(name)}`,
      line: `${family.title}: ${used}`,
      text: code,
    };
  }),
);

/** The list of the families. */
export function elementsPage(around: Frame) {
  return framed(around, 'Elements', () => {
    ui.heading('Elements', { level: 1 }).classes('text-2xl font-semibold tracking-tight');
    cards(elements);
  });
}

/** The patterns of the families' pages, and the pages. */
export function elementPages(around: Frame) {
  return families.map((family) => {
    const build = familyPage(family);
    return [
      patternOf(family),
      hasOwnFrame(family)
        ? build
        : framed(around, family.title, build, { back: { title: 'Elements', path: '/elements' } }),
    ] as const;
  });
}

/** True where an entry stands around the page: it would stand beside the frame of the gallery. */
function hasOwnFrame({ entries }: Family): boolean {
  return entries.some(({ around }) => around);
}

function familyPage(family: Family) {
  return (page: PageContext) => {
    page.title = `${family.title} · Elements · Edgewise`;
    for (const { around, build } of family.entries) if (around) build(page);
    ui.column(() => {
      if (hasOwnFrame(family)) ui.link('← Elements', '/elements').classes('link-hover text-sm');
      ui.row(() => {
        ui.heading(family.title, { level: 1 }).classes('text-2xl font-semibold tracking-tight');
        ui.space();
        openAsProject(projectOf(family));
      }).classes('w-full');
      ui.label(family.line).classes('opacity-70');
      for (const { name, build, around } of family.entries) {
        ui.linkTarget(anchorOf(name), () => ui.heading(name).classes('mt-4 text-lg font-semibold'));
        ui.grid(
          () => {
            ui.card(() => {
              if (around) ui.label('It stands around this page.');
              else build(page);
            }).classes('w-full');
            ui.code(codeOf(family.source, name));
          },
          { columns: { base: 1, xl: 2 } },
        );
      }
    }).classes('mx-auto w-full max-w-5xl gap-4');
  };
}

/** The pages of a family with sub pages begin with its address. */
function patternOf(family: Family): string {
  return family === pages ? `/elements/${nameOf(family)}/*` : `/elements/${nameOf(family)}`;
}

/** Returns the name of a family's page and of its module. */
function nameOf({ title }: Family): string {
  return title.toLowerCase();
}

function anchorOf(entry: string): string {
  return entry.toLowerCase().replace(/\W+/g, '-');
}

function projectOf(family: Family): Project {
  const { title, needs = [], packages = [] } = family;
  const name = nameOf(family);
  return projectOfPage({
    name: `elements-${name}`,
    title,
    files: [`elements/${name}.ts`, ...needs],
    packages,
    app: `import { App, ui } from 'edgewise';
import { ${name} } from './elements/${name}.ts';

const app = new App({ title: '${title}' });

app.get('/', (c) => c.redirect('/elements/${name}'));
app.page('${patternOf(family)}', (page) => {
  for (const { name, build } of ${name}.entries) {
    ui.heading(name);
    build(page);
  }
});

export default app;
`,
  });
}
