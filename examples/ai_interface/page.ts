import { CancelledError, type FileRef, type PageContext, type Runner, run, TimeoutError, ui } from 'edgewise';
import { type Provider, type ProviderBindings, providerOf } from './provider.ts';

/** Transcribes recordings and paints pictures, by models that run elsewhere. */
export function aiInterface(page: PageContext) {
  const provider = providerOf(page.env as ProviderBindings);
  if (!provider) howToGetOne();
  ui.row(() => {
    ui.column(() => speech(provider)).classes('w-full');
    ui.column(() => pictures(provider)).classes('w-full');
  }).classes('grid w-full items-start gap-8 sm:grid-cols-2');
}

function speech(provider: Provider | undefined) {
  const text = ui.state('');
  const request = newRequest();
  ui.heading('Speech to text');
  const upload = ui.upload({
    label: 'Choose a recording',
    accept: 'audio/*',
    maxFileSize: 5_000_000,
    autoUpload: true,
    onUpload: ({ file }) =>
      request.make(async (run) => void (text.value = (await provider?.transcribe(run, file)) ?? '')),
  });
  upload.enable(() => provider !== undefined && !request.busy.value);
  request.status('Transcribing...');
  ui.label(text).classes('whitespace-pre-wrap break-words');
}

function pictures(provider: Provider | undefined) {
  const prompt = ui.state('');
  const found = ui.state<readonly FileRef[]>([]);
  const request = newRequest();
  ui.heading('Pictures');
  ui.form(
    () => {
      ui.input('Prompt', {
        value: prompt,
        maxLength: 1_000,
        rules: [(text) => text.trim() !== '' || 'Say what to paint'],
      })
        .classes('w-full')
        .enable(provider !== undefined);
      ui.button('Generate', undefined, { submit: true, icon: 'brush', loading: request.busy }).enable(
        () => provider !== undefined && !request.busy.value,
      );
    },
    { onSubmit: () => request.make(paint) },
  ).classes('flex w-full flex-col items-start gap-2');
  request.status('Painting...');
  ui.each(
    found,
    (file) => file.id,
    (file) => ui.image(file, { alt: file.name }).classes('w-full rounded-box'),
  );

  async function paint(run: Runner) {
    const name = prompt.value;
    const files: FileRef[] = [];
    // The page's own copies, which only its visitor can load, and which a provider does not delete.
    for (const address of (await provider?.paint(run, name)) ?? []) {
      files.push(await run.ioBound(copy, address, name));
    }
    if (files.length === 0) throw new Error('The provider answered without a picture.');
    found.value = files;
  }
}

async function copy(address: string, name: string): Promise<FileRef> {
  const response = await fetch(address, { signal: run.signal ?? null });
  const type = response.headers.get('Content-Type') ?? '';
  if (!response.ok || !/^image\/(png|jpeg|webp|gif|avif)\b/.test(type)) {
    throw new Error(`The provider answered with something that is no picture (${response.status} ${type}).`);
  }
  return ui.file(response, { name, type });
}

/** One request at a time: whether it runs, how to cancel it, and what went wrong. */
function newRequest() {
  const busy = ui.state(false);
  const problem = ui.state('');
  let stop = new AbortController();
  return {
    busy,
    /** Makes the request. The handler that awaits it continues after a restart. */
    async make(ask: (run: Runner) => Promise<void>) {
      stop = new AbortController();
      busy.value = true;
      problem.value = '';
      try {
        await ask(run.with({ signal: stop.signal, timeout: '5m' }));
      } catch (error) {
        problem.value = reasonOf(error);
      } finally {
        busy.value = false;
      }
    },
    /** Shows that it runs, with a button that cancels it, or why it has failed. */
    status(text: string) {
      ui.show(busy, () => {
        ui.row(() => {
          ui.spinner({ size: 'sm' });
          ui.label(text);
          ui.button('Cancel', () => stop.abort(), { variant: 'ghost', size: 'sm' });
        }).classes('items-center');
      });
      ui.label(problem)
        .classes('text-error break-words')
        .props({ role: 'alert' })
        .show(() => problem.value !== '');
    },
  };
}

function reasonOf(error: unknown) {
  if (error instanceof CancelledError) return 'Cancelled.';
  if (error instanceof TimeoutError) return 'There was no answer within 5 minutes.';
  return error instanceof Error ? error.message : String(error);
}

function howToGetOne() {
  ui.column(() => {
    ui.label('No provider is configured. There are two ways to get one:');
    ui.label('Workers AI: add this to wrangler.toml. Models then run at Cloudflare, also during development.');
    ui.label('[ai]\nbinding = "AI"').classes('font-mono whitespace-pre');
    ui.label(
      'An API of predictions, such as Replicate: set the variable PREDICTIONS_URL and the secret PREDICTIONS_KEY. ' +
        'During development, write both into .dev.vars:',
    );
    ui.label('PREDICTIONS_URL=https://api.replicate.com/v1\nPREDICTIONS_KEY=...').classes(
      'font-mono whitespace-pre-wrap break-all',
    );
  }).classes('w-full gap-2 rounded-box bg-warning/15 p-4');
}
