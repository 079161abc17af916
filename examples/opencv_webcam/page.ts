import { type PageContext, run, ui } from 'edgewise';
import type { Filter } from './picture.ts';
import type * as Tasks from './tasks.ts'; // Types only: the WebAssembly stays in the media Worker.

// Not durable: a frame that a restart cuts off is not worth repeating.
const tasks = run.tasks<typeof Tasks>('MEDIA', { filtered: { durable: false } });

/** What is shown while there is no frame. */
const placeholder = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" width="320" height="240"><rect width="320" height="240" fill="#8882"/>' +
    '<path d="M120 95h50v50h-50zM170 112l25-14v44l-25-14z" fill="none" stroke="#888" stroke-width="4" stroke-linejoin="round"/></svg>',
)}`;

/** Shows a camera live through a filter: the visitor's own, or one on the network that answers with JPEGs. */
export function webcam(page: PageContext) {
  const { CAMERA_URL: address } = page.env as { readonly CAMERA_URL?: string };
  const source = ui.state<'off' | 'here' | 'network'>('off');
  const filter = ui.state<Filter>('edges');
  let times: number[] = [];

  ui.row(() => {
    ui.toggle(
      { off: 'Off', here: 'This browser', ...(address && { network: 'Network' }) },
      { label: 'Camera', value: source, onChange: reset },
    );
    ui.toggle({ edges: 'Edges', gray: 'Gray', none: 'Unchanged' }, { label: 'Filter', value: filter });
  }).classes('gap-4');
  // The next frame is sent when the last one has been shown, and a hidden page sends none.
  ui.camera({ label: 'Your camera', width: 320, rate: 15, onFrame: ({ frame }) => show(frame, ui.now()) })
    .classes('w-40')
    .show(() => source.value === 'here');
  const picture = ui
    .image(placeholder, { alt: 'The camera through the filter' })
    .classes('w-full max-w-md rounded-box');
  const status = ui.label('The camera is off.').classes('tabular-nums');
  // Each run begins 50 ms after the last one, and only while a browser shows the page.
  ui.timer(50, grab, { active: false }).active = () => source.value === 'network';

  async function show(frame: Uint8Array, began: number) {
    try {
      const result = await run.cpuBound(tasks.filtered, frame, filter.value);
      if (source.value === 'off') return;
      const now = ui.now();
      times = [...times, now].filter((time) => time > now - 2_000);
      picture.src = result;
      status.text = `Frames a second: ${times.length / 2}, ${now - began} ms for each on the server`;
    } catch (error) {
      status.text = (error as Error).message;
    }
  }

  async function grab() {
    const began = ui.now();
    try {
      await show(await run.with({ timeout: '5s' }).ioBound(load, String(address)), began);
    } catch (error) {
      status.text = `The camera does not answer: ${(error as Error).message}`;
      await run.sleep('2s');
    }
  }

  function reset() {
    times = [];
    picture.src = placeholder;
    status.text = source.value === 'off' ? 'The camera is off.' : 'Waiting for a frame …';
  }
}

async function load(address: string) {
  const response = await fetch(address, { signal: run.signal ?? null });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
