// Runs in the media Worker, which alone has the WebAssembly.

import jpegEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import encode, { init } from '@jsquash/jpeg/encode.js';
import type { FileRef } from 'edgewise';
import { type Checkpoint, checkpoint, resumed } from 'edgewise/compute';
import { makeLibAV } from './libav.ts';
import { type Place, shots } from './video.ts';

const ready = init(jpegEncoder);

/** A still of a video, as the bytes of a JPEG. */
export interface Still {
  readonly second: number;
  readonly jpeg: Uint8Array;
}

/** The stills of one video end here, in seconds. Its page should show them all. */
const longest = 300;

/** Yields a still a second of a WebM, and its progress from 0 to 1. */
export async function* stills(video: FileRef): AsyncGenerator<number | Still | Checkpoint<Place>, void> {
  await ready;
  const file = { size: video.size, stream: await video.stream() };
  const from = resumed<Place>() ?? { second: 0, key: 0 };
  for await (const shot of shots(await makeLibAV(), file, { width: 320, from })) {
    if (typeof shot === 'number') {
      yield shot;
      continue;
    }
    const { picture, second, next } = shot;
    if (second >= longest) return; // Not every second has a picture, so this one may be the first of later ones.
    yield { second, jpeg: new Uint8Array(await encode(picture, { quality: 75 })) };
    yield checkpoint(next); // If this Worker dies, the next attempt begins here.
  }
}
