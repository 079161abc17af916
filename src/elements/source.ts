import { FileRef } from '../file-ref/index.ts';
import type { MaybeReactive } from '../reactive/index.ts';
import { shown } from '../tasks/index.ts';

/**
 * What a picture, a sound or a film is shown from: an address of the application or a `data:` address, a file, or a few bytes. The
 * browser blocks other hosts, unless `new App({ csp: { 'img-src': [host], 'media-src': [host] } })` names them.
 */
export type MediaSource = string | FileRef | Uint8Array;

/** Most bytes that are part of the page itself. They travel with it, and its rows hold them. */
const mostBytes = 262_144;

/** How files of the types that browsers show begin. */
const beginnings: readonly (readonly [begin: string, type: string])[] = [
  ['\x89PNG', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF8', 'image/gif'],
  ['BM', 'image/bmp'],
  ['<svg', 'image/svg+xml'],
  ['<?xml', 'image/svg+xml'],
  ['OggS', 'audio/ogg'],
  ['ID3', 'audio/mpeg'],
  ['fLaC', 'audio/flac'],
  ['\x1aE\xdf\xa3', 'video/webm'],
];

/** Returns true for a signal or a function. */
export function isLive(source: MaybeReactive<MediaSource>): boolean {
  return typeof source === 'function' || (typeof source === 'object' && 'peek' in source);
}

/**
 * Returns the address of a source.
 *
 * @throws {RangeError} for more bytes than a page should carry.
 */
export function addressOf(source: MediaSource): string {
  if (typeof source === 'string') return source;
  if (source instanceof FileRef) return source.url;
  if (!(source instanceof Uint8Array)) {
    throw new TypeError(
      `A picture, a sound or a film is an address, a file or a Uint8Array; it was given ${shown(source)}.`,
    );
  }
  if (source.length > mostBytes) {
    throw new RangeError(
      `A picture of ${source.length} bytes is too large to be a part of its page, which takes ${mostBytes}. ` +
        'Make a file of it: const file = await ui.file(bytes, { type }).',
    );
  }
  const begin = String.fromCharCode(...source.subarray(0, 12));
  const type = beginnings.find(([text]) => begin.startsWith(text))?.[1] ?? typeOfContainer(begin);
  let text = '';
  for (const byte of source) text += String.fromCharCode(byte);
  return `data:${type};base64,${btoa(text)}`;
}

/** Returns the type of a file that names it after its first bytes. */
function typeOfContainer(begin: string): string {
  if (begin.startsWith('RIFF')) return begin.startsWith('WEBP', 8) ? 'image/webp' : 'audio/wav';
  if (begin.startsWith('ftyp', 4)) return begin.startsWith('avif', 8) ? 'image/avif' : 'video/mp4';
  return 'image/png';
}
