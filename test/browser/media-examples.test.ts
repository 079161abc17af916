// The examples ffmpeg_extract_images and opencv_webcam: real decoders in a real Worker, a real recorder and a camera.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import encode, { init } from '@jsquash/jpeg/encode.js';
import type { Request } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { expectTruth, stage, type Tab, until } from './stage.ts';

/** A camera on the network: it answers each request with a picture that is lighter than the last one. */
const camera = createServer(async (_request, response) => {
  const data = new Uint8ClampedArray(64 * 48 * 4).fill((asked++ % 16) * 16);
  response.end(Buffer.from(await encode({ data, width: 64, height: 48 } as ImageData)));
});
let asked = 0;

const world = stage(async () => {
  const encoder = new URL('../../node_modules/@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm', import.meta.url);
  await init(new WebAssembly.Module(readFileSync(encoder)));
  await once(camera.listen(0, '127.0.0.1'), 'listening');
  const { port } = camera.address() as AddressInfo;
  return { media: true, vars: { CAMERA_URL: `http://127.0.0.1:${port}/frame.jpg` } };
});
afterAll(() => void camera.close());
const { visit } = world;
const media = () => {
  const server = world.servers.computes.find(({ name }) => name === 'media');
  if (!server) throw new Error('The gallery has no media Worker.');
  return server;
};

const film = readFileSync(new URL('../data/film.webm', import.meta.url));
/** Each second of the film has a colour of its own. */
const colourOf = (second: number) => [
  (second % 4) * 80,
  (Math.floor(second / 4) % 4) * 80,
  Math.floor(second / 16) * 80,
];

const choose = (tab: Tab, name: string, buffer: Buffer) =>
  tab.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'video/webm', buffer });

/** Records what a canvas shows: a colour, and after a second another one. */
async function recorded(tab: Tab): Promise<Buffer> {
  const bytes = await tab.page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 64 });
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const fill = (colour: string, ms: number) =>
      new Promise<void>((resolve) => {
        // Drawn again and again, because a recorder takes nothing of a picture that does not change.
        const timer = setInterval(() => {
          context.fillStyle = colour;
          context.fillRect(0, 0, 96, 64);
        }, 50);
        setTimeout(() => {
          clearInterval(timer);
          resolve();
        }, ms);
      });
    context.fillStyle = 'red';
    context.fillRect(0, 0, 96, 64);
    recorder.start();
    await fill('red', 1_400);
    await fill('blue', 1_400);
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

/** The colour in the middle of each still, in order. */
function colours(tab: Tab): Promise<number[][]> {
  return tab.page.evaluate(async () => {
    const found: number[][] = [];
    for (const picture of document.querySelectorAll<HTMLImageElement>('img[alt^="The video at"]')) {
      // One that was asked for while its server was dead comes later. Its size is known before its pixels.
      while (!picture.complete || picture.naturalWidth === 0) await new Promise(requestAnimationFrame);
      const { naturalWidth: width, naturalHeight: height } = picture;
      const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
      context?.drawImage(picture, 0, 0);
      found.push([...(context?.getImageData(width / 2, height / 2, 1, 1).data ?? [])].slice(0, 3));
    }
    return found;
  });
}

function expectColours(found: readonly number[][], wanted: readonly number[][]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [at, colour] of wanted.entries()) {
    for (const [part, value] of colour.entries()) {
      expect(Math.abs((found[at]?.[part] ?? -1) - value), `picture ${at}: ${found[at]}`).toBeLessThan(40);
    }
  }
}

describe('EX stills of a video', () => {
  test('what is recorded in the browser becomes a still a second, whichever server dies meanwhile; a reload finds them, a stranger does not, and broken files get a sentence', async () => {
    const tab = await visit('/ffmpeg_extract_images');
    await choose(tab, 'notes.webm', Buffer.from('no video'));
    await tab.sees(/^notes.webm was refused: its content is not of the type video\/webm\.$/);
    await choose(tab, 'broken.webm', Buffer.concat([film.subarray(0, 400), Buffer.alloc(2_000, 7)]));
    await tab.sees('This begins as a video does, but no picture in it can be read. It is broken.');

    await choose(tab, 'mine.webm', await recorded(tab));
    // Of a busy machine it lasts longer.
    await tab.sees(/^mine.webm: [3-9] pictures$/);
    await tab.page.getByRole('progressbar').waitFor({ state: 'hidden' });
    const mine = await colours(tab);
    expectColours(
      [mine.at(0) ?? [], mine.at(-1) ?? []],
      [
        [255, 0, 0],
        [0, 0, 255],
      ],
    );

    // As if its server were away for a moment.
    await tab.page.route('**/film.webm%200.jpg', (route) => route.abort(), { times: 1 });
    await choose(tab, 'film.webm', film);
    await tab.sees(/^film.webm: \d+ pictures?$/);
    const count = async () => Number(/: (\d+)/.exec(await tab.page.getByText(/^film.webm: /).innerText())?.[1]);
    // Otherwise nothing is left for the servers to lose.
    expect(await count()).toBeLessThan(30);
    await media().kill();
    await tab.sees(/^film.webm: ([5-9]|\d\d) pictures$/);
    expect(await count()).toBeLessThan(30);
    await world.servers.app.kill();
    await tab.sees('film.webm: 30 pictures');
    expectColours(
      await colours(tab),
      Array.from({ length: 30 }, (_, second) => colourOf(second)),
    );
    await tab.reload();
    await tab.sees('film.webm: 30 pictures');
    await expectTruth(tab);

    const stranger = await visit('/ffmpeg_extract_images');
    expect(await colours(stranger)).toEqual([]);
    const address = await tab.page.locator('img[alt="The video at 0:00"]').getAttribute('src');
    const status = (of: Tab) => of.page.evaluate(async (url) => (await fetch(url)).status, String(address));
    expect([await status(tab), await status(stranger)]).toEqual([200, 404]);
    await media().ready();
  });
});

describe('EX webcam', () => {
  test('frames of the camera come back through the filter without flicker, one at a time, also after the death of a server; none is sent from a hidden page; a camera on the network is shown likewise', async () => {
    const tab = await visit('/opencv_webcam');
    const picture = tab.page.getByRole('img', { name: 'The camera through the filter' });
    const source = () => picture.getAttribute('src');
    const changes = async () => {
      const before = await source();
      await until('another frame is shown', async () => (await source()) !== before);
    };
    let open = 0;
    let most = 0;
    let sent = 0;
    const isFrame = (url: string) => url.includes('/_edgewise/frame/');
    tab.page.on('request', (request) => {
      if (!isFrame(request.url())) return;
      sent++;
      most = Math.max(most, ++open);
    });
    const ended = (request: Request) => {
      if (isFrame(request.url())) open--;
    };
    tab.page.on('response', (response) => ended(response.request()));
    tab.page.on('requestfailed', ended);
    expect(await source()).toMatch(/^data:image\/svg/);
    await tab.page.getByRole('radio', { name: 'This browser' }).click();
    await tab.sees(/^Frames a second: [\d.]+, \d+ ms for each on the server$/);
    expect(await source()).toMatch(/^data:image\/jpeg/);
    const blanks = await picture.evaluate(async (img: HTMLImageElement) => {
      let count = 0;
      for (let frame = 0; frame < 30; frame++) {
        await new Promise(requestAnimationFrame);
        if (img.naturalWidth === 0) count++;
      }
      return count;
    });
    expect(blanks).toBe(0);
    for (const server of [media(), world.servers.app]) {
      await server.kill();
      await server.ready();
      await changes();
    }
    await tab.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await until('the last frame is answered', () => open === 0);
    await tab.settled();
    const before = sent;
    await tab.page.getByRole('radio', { name: 'Gray' }).click();
    await tab.settled();
    expect([sent, most]).toEqual([before, 1]);

    await tab.page.getByRole('radio', { name: 'Network' }).click();
    await until('the camera on the network is asked', () => asked > 3);
    await changes();
    await tab.page.getByRole('radio', { name: 'Off' }).click();
    // The camera says so too, out of sight.
    await tab.page.getByText('The camera is off.', { exact: true }).last().waitFor();

    const poor = await tab.visitor.tab();
    await poor.page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
    });
    await poor.load('/opencv_webcam');
    await poor.page.getByRole('radio', { name: 'This browser' }).click();
    await poor.sees('There is no camera.');
  });
});
