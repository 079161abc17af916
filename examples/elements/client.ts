import { type PageContext, ui } from 'edgewise';
import type { Events, Methods, Props } from '../signature-types.ts';
import source from './client.ts?raw';
import type { Family } from './family.ts';

export const client: Family = {
  title: 'Client',
  line: 'Actions of the browser, functions and components of your own client module.',
  source,
  needs: ['client.ts', 'styles.css'],
  entries: [
    { name: 'Named actions', build: actions },
    { name: 'A function of client.ts', build: call },
    { name: 'An event of client.ts', build: resized },
    { name: 'A component of client.ts', build: signature },
    { name: 'Your own styles', build: styled },
  ],
};

function actions() {
  ui.row(() => {
    ui.button('Print', () => ui.browser.print());
    ui.button('To the top', () => ui.browser.scrollTo('top'));
    ui.button('Copy a text', () => ui.browser.copy('Copied by Edgewise'));
    ui.button('Reload', () => ui.navigate.reload());
  });
}

function call(page: PageContext) {
  const result = ui.label('The server does not know the size of your window.');
  ui.button('Ask', async () => {
    const { width, height } = await page.call<{ width: number; height: number }>('screen.size');
    result.text = `${width} × ${height}`;
  });
}

function resized() {
  const width = ui.label('Make the window wider or narrower.');
  ui.on<number>('gallery-resized', (pixels) => (width.text = `It is ${pixels} pixels wide.`), {
    accepts: (value) => typeof value === 'number',
  });
}

function signature() {
  const said = ui.label('Sign here:');
  const pad = ui.component<Props, Events, Methods>(
    'signature',
    { color: '#422ad5' },
    {
      label: 'Signature',
      on: {
        signed: ({ value }) => {
          said.text = `Strokes: ${value.strokes}`;
        },
      },
      checks: { signed: (value) => (isStrokes(value) ? undefined : 'the number of strokes is from 1 to 1,000') },
      build: () => ui.label('The field appears when its script is there.'),
    },
  );
  const picture = ui.image('', { alt: 'Your signature' }).style('max-width: 10rem').show(false);
  ui.row(() => {
    ui.button('Take', async () => {
      picture.src = await pad.callMethod('picture');
      picture.visible = true;
    });
    ui.button('Clear', () => pad.callMethod('clear'), { variant: 'outline' });
  });
}

function isStrokes(value: unknown) {
  const { strokes } = (value ?? {}) as Partial<Events['signed']>;
  return Number.isInteger(strokes) && Number(strokes) >= 1 && Number(strokes) <= 1_000;
}

function styled() {
  // Classes and fonts of styles.css, beside those of Tailwind and daisyUI.
  ui.label('Engraved').classes('engraved text-2xl');
}
