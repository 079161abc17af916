// Runs in the compute Worker, which alone has the WebAssembly.
import decoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import encoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import decode, { init as initDecoder } from '@jsquash/jpeg/decode.js';
import encode, { init as initEncoder } from '@jsquash/jpeg/encode.js';
import { type Filter, filters, sizeOf } from './picture.ts';

const ready = Promise.all([initDecoder(decoder), initEncoder(encoder)]);

/** Most pixels of a frame. A small file may say that it has more than this Worker has memory for. */
const mostPixels = 1_920 * 1_080;

/**
 * Returns a JPEG with a filter on it.
 *
 * @throws {Error} when it is no JPEG, or too large.
 */
export async function filtered(jpeg: Uint8Array, filter: Filter): Promise<Uint8Array> {
  const size = sizeOf(jpeg);
  if (!size) throw new Error('The camera has sent something else than a JPEG.');
  if (size.width * size.height > mostPixels) {
    throw new Error(`The camera has sent ${size.width} x ${size.height} pixels. At most ${mostPixels} are possible.`);
  }
  await ready;
  const picture = await decode(jpeg.slice().buffer).catch(() => {
    throw new Error('The camera has sent a JPEG that is broken.');
  });
  filters[filter](picture);
  return new Uint8Array(await encode(picture, { quality: 70, progressive: false }));
}
