import { CancelledError, type FileRef, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the WebAssembly stays in the media Worker.

const tasks = run.tasks<typeof Tasks>('MEDIA');

/** A still that is shown: when, and its file. */
interface Shown {
  second: number;
  picture: FileRef;
}

/** Shows one still a second of a video. Video and stills belong to this page, so nobody else can see them. */
export function extractImages() {
  const name = ui.state('');
  const problem = ui.state('');
  /** The id of the video that was chosen last. */
  const newest = ui.state('');
  const stills = ui.list<Shown>([], 'second');
  const job = ui.job('stills', tasks.stills, { scope: 'page', whileRunning: 'restart' });

  ui.label('Choose a WebM video, and get one picture of each second.');
  ui.upload({
    label: 'Choose a video',
    accept: '.webm',
    maxFileSize: 100_000_000,
    autoUpload: true,
    onUpload: ({ file }) => extract(file),
  }).classes('w-full');
  ui.row(() => {
    ui.progress(job.progress).classes('grow').props({ 'aria-label': 'Progress' });
    ui.button('Cancel', () => job.cancel(), { variant: 'ghost', size: 'sm' });
  })
    .classes('w-full flex-nowrap')
    .show(job.running);
  ui.label(problem)
    .props({ role: 'alert' })
    .show(() => problem.value !== '');
  ui.label(() => `${name.value}: ${stills.size} ${stills.size === 1 ? 'picture' : 'pictures'}`)
    .classes('font-medium')
    .show(() => stills.size > 0);
  ui.row(() => {
    ui.each(stills, ({ second, picture }) => {
      ui.column(() => {
        ui.image(picture, { alt: `The video at ${timeOf(second)}` }).classes(
          'aspect-video w-full rounded object-contain',
        );
        ui.row(() => {
          ui.label(timeOf(second)).classes('tabular-nums text-sm opacity-70');
          ui.button('', () => ui.download(picture), {
            icon: 'download',
            label: `Save the picture at ${timeOf(second)}`,
            variant: 'ghost',
            size: 'xs',
          });
        }).classes('w-full items-center justify-between');
      }).classes('gap-1');
    });
  }).classes('grid w-full grid-cols-2 gap-3 sm:grid-cols-3');

  async function extract(video: FileRef) {
    // Ends the job of an earlier video, and this function's run for it.
    const { chunks } = job.start(video);
    newest.value = video.id;
    name.value = video.name;
    problem.value = '';
    const before = stills.items;
    stills.clear();
    try {
      for (const { picture } of before) await picture.delete();
      for await (const { second, jpeg } of chunks) {
        const picture = await ui.file(jpeg, { name: `${video.name} ${second}.jpg`, type: 'image/jpeg' });
        if (newest.value === video.id) stills.set({ second, picture });
        else await picture.delete(); // Another video was chosen while the file was made.
      }
    } catch (error) {
      if (!(error instanceof CancelledError) && newest.value === video.id) problem.value = (error as Error).message;
    } finally {
      await video.delete(); // Only its stills are needed from here on.
    }
  }
}

function timeOf(second: number): string {
  return `${Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}`;
}
