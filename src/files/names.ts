import { fileLimits } from './limits.ts';

/** The media type of what nothing is known about. */
const unknownType = 'application/octet-stream';

/**
 * Returns a file's name that is safe to show and to save: without a path, control characters, characters that change the direction
 * of a text, and dots at its beginning. A browser may send any text.
 */
export function safeName(given: string): string {
  const name = given
    .replace(/^.*[/\\]/s, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[<>:"|?*]/g, '_')
    .toWellFormed()
    .trim()
    .replace(/^\.+/, '');
  if (name === '') return 'file';
  if (name.length <= fileLimits.name) return name;
  const ending = /\.[\w-]{1,12}$/.exec(name)?.[0] ?? '';
  return name.slice(0, fileLimits.name - ending.length).toWellFormed() + ending;
}

/** Returns a media type without parameters, in lower case. */
export function safeType(given: string): string {
  const type = given.split(';')[0]?.trim().toLowerCase() ?? '';
  return type.length <= 100 && /^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/.test(type) ? type : unknownType;
}

/** The types that a browser may show, in an element of a page. None of them runs code. */
const shown =
  /^(image\/(png|jpeg|gif|webp|avif|bmp|x-icon|svg\+xml)|(audio|video)\/[a-z0-9.+-]+|font\/[a-z0-9.+-]+|text\/(plain|csv)|application\/(json|pdf|zip))$/;

/** Returns the type that a file is sent with. HTML, scripts, style sheets and what is unknown is sent as bytes. */
export function servedType(type: string): string {
  return shown.test(type) ? type : unknownType;
}

/** The bytes with which files of some types begin; a pair gives its distance from the beginning. */
const signatures: Readonly<Record<string, readonly (string | readonly [at: number, text: string])[]>> = {
  'image/png': ['\x89PNG\r\n\x1a\n'],
  'image/jpeg': ['\xff\xd8\xff'],
  'image/gif': ['GIF87a', 'GIF89a'],
  'image/webp': [[8, 'WEBP']],
  'image/bmp': ['BM'],
  'application/pdf': ['%PDF-'],
  'application/zip': ['PK'],
  'video/mp4': [[4, 'ftyp']],
  'video/webm': ['\x1aE\xdf\xa3'],
  'audio/wav': ['RIFF'],
  'audio/ogg': ['OggS'],
  'audio/flac': ['fLaC'],
};

/**
 * Returns a clause that says why the first bytes of a file cannot be of a type, or undefined. It knows the signatures of common
 * types. Other types pass.
 */
export function contradiction(type: string, bytes: Uint8Array): string | undefined {
  const wanted = Object.hasOwn(signatures, type) ? signatures[type] : undefined;
  if (!wanted || bytes.length === 0) return undefined;
  const begin = String.fromCharCode(...bytes.subarray(0, 16));
  const fits = wanted.some((each) =>
    typeof each === 'string' ? begin.startsWith(each) : begin.startsWith(each[1], each[0]),
  );
  return fits ? undefined : `its content is not of the type ${type}`;
}
