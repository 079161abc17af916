import { type FileRef, run, ui } from 'edgewise';
import type * as Tasks from '../tasks.ts';
import colours from './colours.webm?inline';
import type { Family } from './family.ts';
import source from './media.ts?raw';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

export const media: Family = {
  title: 'Media',
  line: 'Files, pictures, sound and films: what a person sends and gets.',
  source,
  entries: [
    { name: 'Upload', build: uploads },
    { name: 'Upload for a task', build: words },
    { name: 'Download', build: downloads },
    { name: 'Image', build: pictures },
    { name: 'Image with clicks and SVG', build: map },
    { name: 'Camera', build: live },
    { name: 'Audio', build: tones },
    { name: 'Video', build: films },
  ],
};

function uploads() {
  const files = ui.state<FileRef[]>([]);
  ui.upload({
    label: 'Choose texts',
    multiple: true,
    accept: '.txt,.csv,.md',
    maxFileSize: 2_000_000,
    autoUpload: true,
    onUpload: async ({ file }) => {
      const lines = (await file.text()).split('\n').length;
      files.value = [...files.value, file];
      ui.notify(`Lines of ${file.name}: ${lines}`);
    },
    onRejected: ({ reason }) => ui.notify(reason, { type: 'warning' }),
  });
  ui.each(
    files,
    (file) => file.id,
    (file) => {
      ui.button(`Save ${file.name}`, () => ui.download(file), { variant: 'soft', size: 'sm', icon: 'download' });
    },
  );
}

function words() {
  const result = ui.label('A text file of any size. Another Worker counts its words.');
  ui.upload({
    label: 'Choose a long text',
    onUpload: async ({ file }) => {
      result.text = `Counting the words of ${file.name} …`;
      result.text = `Words in ${file.name}: ${await run.cpuBound(tasks.countWords, file)}`;
    },
  });
}

function downloads() {
  const rows = [
    ['planet', 'moons'],
    ['Earth', '1'],
    ['Mars', '2'],
  ];
  ui.button('Export as CSV', () => ui.download(rows.join('\n'), { name: 'planets.csv', type: 'text/csv' }), {
    icon: 'download',
  });
}

function pictures() {
  const photo = ui.state<FileRef | undefined>(undefined);
  ui.image(() => photo.value ?? landscape, { alt: 'A picture that you choose', fit: 'cover' }).classes(
    'h-40 w-full rounded',
  );
  ui.upload({
    label: 'Choose another picture',
    accept: 'image/*',
    autoUpload: true,
    onUpload: ({ file }) => {
      photo.value = file;
    },
  });
}

function map() {
  const marks = ui.state<{ x: number; y: number }[]>([]);
  ui.interactiveImage(landscape, {
    alt: 'A landscape to mark places on',
    size: [320, 160],
    content: () => marks.value.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="6" fill="red"/>`).join(''),
    onMouse: ({ imageX, imageY }) => {
      marks.value = [...marks.value, { x: imageX, y: imageY }];
    },
    cross: true,
  }).classes('w-full');
  ui.button('Remove the marks', () => (marks.value = []), { variant: 'soft', size: 'sm' });
}

function live() {
  const on = ui.state(false);
  const seen = ui.state(0);
  ui.switch('Camera', { value: on });
  ui.camera({
    active: on,
    rate: 5,
    width: 320,
    onFrame: ({ frame }) => {
      seen.value = frame.length;
    },
  });
  ui.label(() => (seen.value === 0 ? 'No frame yet' : `The last frame has ${Math.round(seen.value / 1_000)} KB`));
}

function tones() {
  const player = ui.audio(tone(), { label: 'A tone', onEnded: () => ui.notify('That was all') });
  ui.row(() => {
    ui.button('Play', () => player.play(), { icon: 'play' });
    ui.button('Pause', () => player.pause(), { icon: 'pause' });
    ui.button('To the beginning', () => player.seek(0));
  });
}

function films() {
  const film = ui.state<FileRef | string>(colours);
  const second = ui.state(0);
  ui.video(() => film.value, {
    label: 'A film',
    muted: true,
    onTime: (seconds) => {
      second.value = Math.floor(seconds);
    },
  });
  ui.label(() => `Second ${second.value}`);
  ui.upload({
    label: 'Choose another film',
    accept: 'video/*',
    autoUpload: true,
    onUpload: ({ file }) => {
      film.value = file;
    },
  });
}

/** A picture as an address. */
const landscape = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 160" width="320" height="160"><rect width="320" height="160" fill="#bfe3ff"/>' +
    '<circle cx="250" cy="40" r="18" fill="#ffd54a"/><path d="M0 120 80 40l60 60 50-40 130 90v10H0z" fill="#5b8c5a"/></svg>',
)}`;

/** A second of sound, as the bytes of a WAV file. */
function tone() {
  const rate = 8_000;
  const samples = Array.from(
    { length: rate },
    (_, at) => 128 + Math.round(60 * Math.sin((at * 440 * 2 * Math.PI) / rate)),
  );
  const header = new DataView(new ArrayBuffer(44));
  const text = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries()) header.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, 'RIFF');
  header.setUint32(4, 36 + rate, true);
  text(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, rate, true);
  header.setUint32(28, rate, true);
  header.setUint16(32, 1, true);
  header.setUint16(34, 8, true);
  text(36, 'data');
  header.setUint32(40, rate, true);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...samples]);
}
