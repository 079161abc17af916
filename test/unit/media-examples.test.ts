// The examples ffmpeg_extract_images and opencv_webcam, with their real WebAssembly, in plain Node.

import { readFileSync } from 'node:fs';
import decodeJpeg from '@jsquash/jpeg/decode.js';
import encodeJpeg from '@jsquash/jpeg/encode.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeLibAV } from '../../examples/ffmpeg_extract_images/libav.ts';
import { extractImages } from '../../examples/ffmpeg_extract_images/page.ts';
import type { Still } from '../../examples/ffmpeg_extract_images/tasks.ts';
import * as stillTasks from '../../examples/ffmpeg_extract_images/tasks.ts';
import { type Place, type Shot, shots } from '../../examples/ffmpeg_extract_images/video.ts';
import { webcam } from '../../examples/opencv_webcam/page.ts';
import { type Filter, filters, sizeOf } from '../../examples/opencv_webcam/picture.ts';
import * as webcamTasks from '../../examples/opencv_webcam/tasks.ts';
import type { FileBucket } from '../../src/files/index.ts';
import { App, type FileRef } from '../../src/index.ts';
import { computeService, open, seeded, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

const clip = (name: string) => new Uint8Array(readFileSync(new URL(`../data/${name}.webm`, import.meta.url)));
/** Each second of this clip of 30 seconds has a colour of its own, so that its stills can be told apart. */
const film = clip('film');
const colourOf = (second: number) => [
  (second % 4) * 80,
  (Math.floor(second / 4) % 4) * 80,
  Math.floor(second / 16) * 80,
];

// libav.js says there what is wrong with a file.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  // Other files share the process.
  Reflect.deleteProperty(process, 'type');
});

const start: Place = { second: 0, key: 0 };

/** What begins a complete picture of VP8. Its width and height follow. */
const keyFrame = [0x9d, 0x01, 0x2a];

async function shotsOf(bytes: Uint8Array, from = start, width = 32) {
  const progress: number[] = [];
  const found: Shot[] = [];
  const file = { size: bytes.length, stream: new Blob([bytes as BlobPart]).stream() as ReadableStream<Uint8Array> };
  for await (const shot of shots(await makeLibAV(), file, { width, from })) {
    if (typeof shot === 'number') progress.push(shot);
    else found.push(shot);
  }
  return { found, progress };
}

/** The pixel in the middle is this colour, but for what the codec loses. */
function expectColour({ picture: { data, width, height } }: Pick<Shot, 'picture'>, colour: readonly number[]): void {
  const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 4;
  for (const [at, value] of colour.entries()) expect(Math.abs((data[middle + at] ?? -1) - value)).toBeLessThan(40);
}

describe('the stills of a video', () => {
  test('are the first picture of each second, scaled, with a progress that only grows to the end', async () => {
    const { found, progress } = await shotsOf(film);
    expect(found.map(({ second }) => second)).toEqual(Array.from({ length: 30 }, (_, second) => second));
    for (const shot of found) expectColour(shot, colourOf(shot.second));
    expect([found[0]?.picture.width, found[0]?.picture.height]).toEqual([32, 18]);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  test('continue at any place with the same pictures, and decode only from the last key on', async () => {
    const all = (await shotsOf(film)).found;
    for (const second of [16, 28]) {
      const from = all[second - 1]?.next ?? start;
      const rest = await shotsOf(film, from);
      expect(rest.found.map((shot) => [shot.second, shot.picture.data.join()])).toEqual(
        all.slice(second).map((shot) => [shot.second, shot.picture.data.join()]),
      );
    }
    expect(all[28]?.next.key).toBeGreaterThan(15);
  });

  test('come from VP9 as from VP8, and a small video is not enlarged', async () => {
    const { found } = await shotsOf(clip('colours-vp9'), start, 320);
    expect(found.map(({ picture }) => picture.width)).toEqual([160, 160, 160, 160]);
    for (const [second, colour] of [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
    ].entries()) {
      expectColour(found[second] as Shot, colour);
    }
  });

  test.each([
    ['a text', new TextEncoder().encode('This is no video.'), 'This is no video, or a broken one'],
    ['nothing but the beginning of a WebM', film.slice(0, 4), 'This is no video, or a broken one'],
    ['noise after a good beginning', noisy(film, 400), 'It is broken.'],
    ['another codec', clip('colours-av1'), 'The pictures of this video are coded as AV1. Only VP8 and VP9'],
  ])('of %s do not exist, and a sentence says why', async (_, bytes, sentence) => {
    await expect(shotsOf(bytes)).rejects.toThrow(sentence);
  });

  test('of more pixels than there is memory for do not exist', async () => {
    const head = patched(patched(film, [0xb0, 0x82], [0x3f, 0xff], 1), [0xba, 0x81], [0xff], 1);
    const large = patched(head, keyFrame, [255, 63, 255, 63]);
    await expect(shotsOf(large)).rejects.toThrow(/have 16383 x 255 pixels. Only at most 3,686,400 pixels/);
  });

  test.each([
    ['every picture', Number.POSITIVE_INFINITY],
    ['the first picture', 1],
  ])('do not exist where %s has more pixels than the file says', async (_, places) => {
    const large = patched(film, keyFrame, [255, 63, 255, 63], places);
    await expect(shotsOf(large)).rejects.toThrow('The video is broken after 0 seconds.');
  });

  test('end where a picture in the middle has more pixels than there is memory for', async () => {
    const last =
      film.length -
      [...film]
        .reverse()
        .findIndex((_, at) => keyFrame.every((byte, index) => film[film.length - at - 1 + index] === byte)) -
      1;
    const large = film.slice();
    large.set([255, 63, 255, 63], last + keyFrame.length);
    await expect(shotsOf(large)).rejects.toThrow(/^The video is broken after \d+ seconds\.$/);
  });

  test('of a file that ends too early are those before its end', async () => {
    const { found } = await shotsOf(film.slice(0, film.length / 2));
    expect(found.length).toBeGreaterThan(5);
    expect(found.length).toBeLessThan(25);
  });
});

/** Returns a copy with other bytes after each place where `after` is. */
function patched(
  bytes: Uint8Array,
  after: readonly number[],
  others: readonly number[],
  places = Number.POSITIVE_INFINITY,
) {
  const copy = bytes.slice();
  for (let at = 0, left = places; at < copy.length && left > 0; at++) {
    if (!after.every((byte, index) => copy[at + index] === byte)) continue;
    copy.set(others, at + after.length);
    left--;
  }
  return copy;
}

/** Returns a copy whose bytes from `at` on are others. */
function noisy(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index < at ? byte : (index * 7_919 + 13) & 255));
}

describe('the page of stills', () => {
  const pages = { '/': extractImages };
  const services = { MEDIA: stillTasks };
  const choose = (user: User, name: string, content: Uint8Array) =>
    user.find({ kind: 'upload' }).upload({ name, content, type: 'video/webm' });
  const files = (user: User) => user.server.store.files().length;

  test('shows them one by one, and another video replaces them and their files', async () => {
    using user = await open(pages, '/', { services });
    await choose(user, 'film.webm', film);
    await user.shouldSee('film.webm: 30 pictures', { within: '2m' });
    await user.advance('1s');
    expect(files(user)).toBe(30);
    await choose(user, 'short.webm', clip('colours-vp9'));
    await user.shouldSee('short.webm: 4 pictures', { within: '1m' });
    await user.advance('2m');
    // Neither video is stored any more.
    expect(files(user)).toBe(4);
    user.close();
    await user.advance('25h');
    expect(files(user)).toBe(0);
  });

  test('shows those of five minutes, also when the last second of them has no picture', async () => {
    // It says that a tick lasts 16,000,000 ns, so a picture follows each two seconds.
    const fast = patched(film, [0x2a, 0xd7, 0xb1, 0x83], [0xf4, 0x24, 0x00]);
    using user = await open(pages, '/', { services });
    await choose(user, 'fast.webm', fast);
    await user.shouldNotSee('Cancel', { within: '2m' });
    await user.advance('10s');
    const seconds = user.find({ kind: 'image' }).all.map(({ props }) => props.alt);
    expect([seconds[0], seconds.at(-1), seconds.length]).toEqual(['The video at 0:00', 'The video at 4:58', 150]);
  });

  test('survives a kill at each await of its handler', async () => {
    using user = await open(pages, '/', { services, alwaysReplay: true });
    await choose(user, 'short.webm', clip('colours-vp9'));
    await user.shouldSee('short.webm: 4 pictures', { within: '5m' });
    expect(user.server.errors).toEqual([]);
    // A file whose making was cut off is made again; the first one ends with the page at the latest.
    user.close();
    await user.advance('25h');
    expect(files(user)).toBe(0);
  });

  test('ends at Cancel with the pictures that are there', async () => {
    using user = await open(pages, '/', { services });
    await choose(user, 'film.webm', film);
    await user.shouldSee('Cancel', { within: '1m' });
    await user.shouldSee(/film\.webm: \d+ pictures?/, { within: '1m' });
    user.find('Cancel').click();
    await user.shouldNotSee('Cancel');
    await user.settle();
    const count = user.find({ kind: 'image' }).all.length;
    expect(count).toBeGreaterThan(0);
    await user.advance('1m');
    expect(user.find({ kind: 'image' }).all).toHaveLength(count);
    expect(files(user)).toBe(count);
    expect(user.page).not.toContain('30 pictures');
  });

  test('has no still of the video before, when its file is being made while another video is chosen', async () => {
    const MEDIA = {
      async *stills({ name }: FileRef): AsyncGenerator<Still, void> {
        yield { second: name === 'first.webm' ? 1 : 2, jpeg: Uint8Array.of(255, 216, 255) };
      },
    };
    const held = Promise.withResolvers<void>();
    const made: string[] = [];
    const bucket: FileBucket = {
      begin: async (key, type) => {
        if (type === 'image/jpeg' && made.push(key) === 1) await held.promise;
        return key;
      },
      write: async () => 'etag',
      end: async () => {},
      abandon: async () => {},
      has: async () => true,
      read: async () => undefined,
      remove: async () => {},
    };
    const clock = new VirtualClock(seeded(1));
    const server = new TestServer({ pages, clock, bucket, services: { MEDIA: computeService(MEDIA, clock) } });
    using user = await User.open(server, clock, '/');
    await choose(user, 'first.webm', film);
    await user.advance('5s');
    expect(made).toHaveLength(1);
    await choose(user, 'second.webm', clip('colours-vp9'));
    await user.shouldSee('second.webm: 1 picture', { within: '1m' });
    held.resolve();
    await user.advance('1m');
    expect(user.find({ kind: 'image' }).all.map(({ props }) => props.alt)).toEqual(['The video at 0:02']);
    expect(files(user)).toBe(1);
  });

  test.each([
    ['a file that is no video', 'notes.txt', 'is not of a type that is wanted here: .webm.'],
    ['a text that is called a video', 'notes.webm', 'its content is not of the type video/webm'],
    ['a video that is too large', 'large.webm', 'is too large'],
  ])('refuses %s with a sentence', async (what, name, sentence) => {
    using user = await open(pages, '/', { services });
    if (what.endsWith('large')) {
      user.browser.emit(user.find({ kind: 'upload' }).node, 'offer', [
        'batch-0001',
        [['key-00001', name, 'video/webm', 100_000_001]],
      ]);
    } else await choose(user, name, new TextEncoder().encode('hello')).catch(() => {});
    await user.advance('5s');
    expect(user.page).toContain(sentence);
    expect(files(user)).toBe(0);
  });

  test('says of a broken video that it is broken, stores nothing of it, and takes the next one', async () => {
    using user = await open(pages, '/', { services });
    await choose(user, 'broken.webm', noisy(film, 400));
    await user.shouldSee(/It is broken\./, { within: '1m' });
    await user.advance('1s');
    expect(files(user)).toBe(0);
    await choose(user, 'short.webm', clip('colours-vp9'));
    await user.shouldSee('short.webm: 4 pictures', { within: '1m' });
    expect(user.page).not.toContain('It is broken.');
  });
});

/** A picture with a white half on the right. */
function halves(width = 32, height = 16) {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++)
    if (pixel % width < width / 2) data.fill(0, pixel * 4, pixel * 4 + 3);
  return { data, width, height };
}

const jpegOf = async (picture: ReturnType<typeof halves>) => new Uint8Array(await encodeJpeg(picture as never));

describe('a frame', () => {
  const row = (picture: { data: Uint8ClampedArray; width: number }, y = 8) =>
    Array.from({ length: picture.width }, (_, x) => picture.data[(y * picture.width + x) * 4] ?? -1);

  test('shows where its brightness changes, through the filter for edges', async () => {
    const picture = halves();
    filters.edges(picture);
    expect(
      row(picture)
        .map((light, x) => (light > 0 ? x : -1))
        .filter((x) => x >= 0),
    ).toEqual([15, 16]);
    expect(row(picture, 0).every((light) => light === 0)).toBe(true);
  });

  test('has one brightness for all three colours, through the filter for gray', () => {
    const picture = { data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 255), width: 2, height: 1 };
    filters.gray(picture);
    expect([...picture.data]).toEqual([76, 76, 76, 255, 149, 149, 149, 255]);
  });

  test.each<Filter>(['edges', 'gray', 'none'])('comes back as a JPEG of its size: %s', async (filter) => {
    const result = await webcamTasks.filtered(await jpegOf(halves()), filter);
    expect(sizeOf(result)).toEqual({ width: 32, height: 16 });
    expect((await decodeJpeg(result.slice().buffer)).data).toHaveLength(32 * 16 * 4);
  });

  test.each([
    ['a text', async () => new TextEncoder().encode('hello'), 'something else than a JPEG'],
    [
      'a JPEG that is cut off in its header',
      async () => (await jpegOf(halves())).slice(0, 20),
      'something else than a JPEG',
    ],
    ['a JPEG that is cut off in its tables', async () => cutAfterSize(await jpegOf(halves())), 'a JPEG that is broken'],
    ['a JPEG of 65,535 x 65,535 pixels', async () => claiming(await jpegOf(halves())), 'At most 2073600 are possible'],
  ])('is refused with a sentence when it is %s, and the next one is taken', async (_, make, sentence) => {
    await expect(webcamTasks.filtered(await make(), 'gray')).rejects.toThrow(sentence);
    expect(sizeOf(await webcamTasks.filtered(await jpegOf(halves()), 'gray'))).toEqual({ width: 32, height: 16 });
  });
});

/** Returns where a JPEG has its size. */
function placeOfSize(jpeg: Uint8Array): number {
  return jpeg.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc1, 0xc2].includes(jpeg[at + 1] ?? 0)) + 5;
}

function cutAfterSize(jpeg: Uint8Array): Uint8Array {
  return jpeg.slice(0, placeOfSize(jpeg) + 6);
}

function claiming(jpeg: Uint8Array): Uint8Array {
  const claim = jpeg.slice();
  claim.fill(0xff, placeOfSize(jpeg), placeOfSize(jpeg) + 4);
  return claim;
}

describe('the page of the webcam', () => {
  const services = { MEDIA: webcamTasks };
  const pages = new App().page('/', webcam);
  const picture = (user: User) => String(user.find('The camera through the filter').props.src);

  test('shows each frame of the browser through the filter, with its speed, and a placeholder before', async () => {
    using user = await open(pages, '/', { services });
    expect(picture(user)).toMatch(/^data:image\/svg/);
    user.find('Camera').choose('This browser');
    await user.settle();
    const [{ page = '' } = {}] = user.server.store.pages();
    const { id } = user.find({ kind: 'camera' }).node;
    const frame = await jpegOf(halves());
    expect(await user.server.session.frame(page, id, frame)).toBe(204);
    await user.shouldSee(/Frames a second/);
    expect(picture(user)).toMatch(/^data:image\/jpeg/);
    user.find('Camera').choose('Off');
    await user.shouldSee('The camera is off.');
    expect(picture(user)).toMatch(/^data:image\/svg/);
  });

  test('asks a camera on the network for one frame at a time, and for none while nobody looks', async () => {
    const frame = await jpegOf(halves());
    let asked = 0;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      asked++;
      return asked === 3 ? new Response('away', { status: 503 }) : new Response(frame.slice());
    });
    using user = await open(pages, '/', { services, env: { CAMERA_URL: 'http://camera.test/frame.jpg' } });
    await user.advance('5s');
    expect(asked).toBe(0);
    user.find('Camera').choose('Network');
    await user.shouldSee(/Frames a second/);
    await user.shouldSee('The camera does not answer: status 503');
    await user.shouldSee(/Frames a second/, { within: '10s' });
    user.offline();
    await user.advance('10s');
    const before = asked;
    await user.advance('1m');
    expect(asked).toBe(before);
  });
});
