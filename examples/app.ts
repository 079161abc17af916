// The gallery of all examples. `npm start` runs it.
import { App } from 'edgewise';
import { aiInterface } from './ai_interface/page.ts';
import { board } from './board/page.ts';
import { chat } from './chat/page.ts';
import { csv } from './csv/page.ts';
import { chapters } from './docs/chapters.ts';
import { addGuide, leadOf } from './docs/index.ts';
import { elementEntries, elementPages, elements, elementsPage } from './elements/index.ts';
import { extractImages } from './ffmpeg_extract_images/page.ts';
import { type Example, examplePage, type Shown } from './gallery/example.ts';
import { type Frame, frame } from './gallery/frame.ts';
import { front } from './gallery/front.ts';
import type { Group } from './gallery/places.ts';
import { projectInFolder, zipped } from './gallery/project.ts';
import { codeIn, sourceOf } from './gallery/sources.ts';
import { globalWorker } from './global_worker/page.ts';
import { webcam } from './opencv_webcam/page.ts';
import { order } from './order/page.ts';
import { progress } from './progress/page.ts';
import { scriptExecutor } from './script_executor/page.ts';
import { tutorial } from './tutorial/index.ts';

/** Small applications to copy. Each is a folder of its own. */
const applications: readonly Example[] = [
  application('/progress', {
    title: 'Progress',
    line: 'A computation with a bar, private to its page. It survives a reload and a crash, and can be cancelled.',
    icon: 'hourglass_top',
    build: progress,
  }),
  application('/global_worker', {
    title: 'Global worker',
    line: 'One computation for all visitors, who see the same bar. Open it in two browsers.',
    icon: 'public',
    build: globalWorker,
  }),
  application('/ffmpeg_extract_images', {
    title: 'Stills of a video',
    line: 'A video becomes one picture a second, decoded by FFmpeg in another Worker. Private, cancellable, survives a crash.',
    icon: 'image',
    build: extractImages,
  }),
  application('/opencv_webcam', {
    title: 'Webcam',
    line: 'A live camera through a filter. Each frame is decoded, changed and encoded in another Worker.',
    icon: 'camera',
    build: webcam,
  }),
  application('/script_executor', {
    title: 'Script executor',
    line: 'Scripts in isolates without network. Their output arrives line by line; change one, and run it again.',
    icon: 'play_arrow',
    build: scriptExecutor,
  }),
  application('/ai_interface', {
    title: 'AI interface',
    line: 'Recordings become text, prompts become pictures. A killed server loses no answer.',
    icon: 'auto_awesome',
    build: aiInterface,
  }),
  application('/order', {
    title: 'Order',
    line: 'A question and three calls, each of which a crash may cut off. The order goes on and is paid once.',
    icon: 'shopping_cart',
    build: () => order(),
  }),
  application('/board', {
    title: 'Board',
    line: 'The to-do list of a team: edit in place, filter, drag into order. What twenty people add at once is all there.',
    icon: 'checklist',
    build: board,
  }),
  application('/csv', {
    title: 'CSV',
    line: 'A table of 100,000 rows: a task reads, searches, sorts and sums it up; the page has the rows that it shows.',
    icon: 'table_chart',
    build: csv,
  }),
  application('/chat', {
    title: 'Chat',
    line: 'A room for everybody: who is there, who types, and what came while you looked elsewhere.',
    icon: 'forum',
    build: chat,
  }),
];

/** Returns an application with its code and its project, which are the folder of the same name. */
function application(path: string, shown: Shown): Example {
  const folder = path.slice(1);
  const files = codeIn(folder);
  return { ...shown, path, text: files.map(sourceOf).join('\n'), files, project: projectInFolder(folder) };
}

const sections: readonly Group[] = [
  { title: 'Tutorial', places: tutorial },
  { title: 'Examples', places: applications },
  { title: 'Elements', places: elements },
];
const start: Group = {
  title: 'Start',
  places: [
    { title: 'What Edgewise is', path: '/', line: 'Its two promises, to try.' },
    { title: 'All elements', path: '/elements', line: 'Each at work, beside its code.' },
    { title: 'The guide', path: '/docs', line: 'From the first steps to the deployment, in chapters.' },
  ],
};
const guide: Group = {
  title: 'Guide',
  places: chapters.map((chapter) => ({ ...chapter, line: leadOf(chapter.text) })),
};
const menu = [start, ...sections, guide];
const around: Frame = { menu, findable: [...menu, { title: 'Element', places: elementEntries }] };
const projects = [...tutorial, ...applications, ...elements].map(({ project }) => project);

const app = new App({
  title: 'Edgewise',
  head: {
    metas: [
      {
        name: 'description',
        content: 'Server-driven user interfaces in TypeScript that never freeze and never forget.',
      },
    ],
  },
});

app.page('/', front(around, sections));
for (const example of [...tutorial, ...applications]) app.page(example.path, examplePage(around, example));
app.page('/elements', elementsPage(around));
for (const [path, page] of elementPages(around)) app.page(path, page);

addGuide(app, () => frame(around));

for (const project of projects) {
  app.get(`/projects/${project.name}.zip`, (c) => c.body(zipped(project), 200, { 'Content-Type': 'application/zip' }));
}
app.get('/healthz', (c) => c.text('ok'));

export default app;
export const Session = app.Session;
export const Shared = app.Shared;
