import { byteStream, filesPath } from '../file-ref/index.ts';
import {
  contradiction,
  type NextPart,
  type Received,
  type Refusal,
  type ServedFile,
  type StoredPart,
  servedType,
} from '../files/index.ts';
import type { Admission, SessionObject } from '../session/index.ts';
import { serveBytes } from './ranges.ts';
import { ConfigurationError, isSameOrigin } from './session-cookie.ts';

export { filesPath };

/** Path below which browsers send the parts of their uploads. */
export const uploadPath = '/_edgewise/upload/';

/** Path below which browsers send frames of cameras: the page's id and the element's number follow. */
export const framePath = '/_edgewise/frame/';

/** What requests about files need of the application. */
export interface FilesSurroundings {
  /** Calls the session of the visitor; undefined for a stranger. */
  readonly session: (<R>(call: (session: SessionObject) => Promise<R>) => Promise<R>) | undefined;
  /** Returns whether the visitor may load a page. */
  admits(path: string): Promise<Admission>;
  readonly bucket: R2Bucket | undefined;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Opens a file of a session in the Worker. @throws {Error} (rejects) when there is none. */
export async function openFile(
  session: NonNullable<FilesSurroundings['session']>,
  bucket: R2Bucket | undefined,
  id: string,
): Promise<ReadableStream<Uint8Array>> {
  const file = await session((object) => object.servedFile(id));
  if (!file) throw new Error('The file does not exist any more: it was deleted together with its page.');
  if (file.bucket === undefined) return piecesOf(session, file, 0, file.size);
  const object = await bucketOf(bucket).get(file.bucket);
  if (object) return object.body;
  throw new Error('The file is not in the bucket any more.');
}

/** Takes a part of an upload. The bytes of one part are in memory at most, and none of those that go to the bucket. */
export async function takeUpload(request: Request, { session, admits, bucket }: FilesSurroundings): Promise<Response> {
  if (request.method !== 'POST') return answer({ problem: 'An upload takes POST requests.', status: 405 });
  if (!isSameOrigin(request)) {
    return answer({ problem: 'Pages of other origins may not upload files to this application.', status: 403 });
  }
  const ticket = new URL(request.url).pathname.slice(uploadPath.length);
  if (!session || !isId(ticket))
    return answer({ problem: 'This upload has ended. Choose the file again.', status: 410 });
  const from = numberIn(request.headers.get('Upload-Offset'));
  if (from === undefined)
    return answer({ problem: 'The header Upload-Offset must be a number of bytes.', status: 400 });
  const next = await session((object) => object.nextPart(ticket));
  if ('problem' in next) return answer(next);
  const admission = await admits(next.path);
  if (admission !== 'admitted') {
    return answer({ problem: 'You may not upload to this page.', status: admission === 'unknown' ? 503 : 403 });
  }
  if (from !== next.received) return answer({ received: next.received, done: false }, 409);
  const length = Math.min(next.part, next.size - from);
  const given = numberIn(request.headers.get('Content-Length')) ?? (request.body ? undefined : 0);
  if (given !== length) {
    const came = given === undefined ? 'one without a length' : `one of ${given}`;
    return answer({ problem: `A part of ${length} bytes was expected, and ${came} came.`, status: 400 });
  }
  const part = await readPart(request.body, next, from, length, bucket);
  if (part === undefined) return answer({ problem: 'The part was cut off.', status: 400 });
  if (typeof part === 'string') {
    await session((object) => object.refusePart(ticket, part));
    return answer({ problem: `${next.name} was refused: ${part}.`, status: 415 });
  }
  return answer(await session((object) => object.takePart(ticket, from, part)));
}

/** Most bytes of a frame. A JPEG of a large camera has some hundred thousand. */
const mostOfFrame = 1_048_576;

/** Takes a frame of a camera, and answers when its handler has ended. */
export async function takeFrame(request: Request, { session, admits }: FilesSurroundings): Promise<Response> {
  const [page = '', node = ''] = new URL(request.url).pathname.slice(framePath.length).split('/');
  const length = numberIn(request.headers.get('Content-Length'));
  if (request.method !== 'POST') return new Response(null, { status: 405 });
  if (!isSameOrigin(request)) return new Response(null, { status: 403 });
  if (!session || !isId(page) || numberIn(node) === undefined) return new Response(null, { status: 404 });
  if (length === undefined || length > mostOfFrame) return new Response(null, { status: 413 });
  const path = await session(async (object) => object.pathOf(page));
  if (path === undefined || (await admits(path)) !== 'admitted') return new Response(null, { status: 404 });
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length === 0 || contradiction('image/jpeg', bytes)) return new Response(null, { status: 415 });
  return new Response(null, { status: await session((object) => object.frame(page, Number(node), bytes)) });
}

/** Serves a file to its own session. */
export async function serveFile(request: Request, { session, admits, bucket }: FilesSurroundings): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
  const [id = ''] = new URL(request.url).pathname.slice(filesPath.length).split('/');
  const missing = () => new Response('There is no such file in this session.', { status: 404 });
  if (!session || !isId(id)) return missing();
  const file = await session((object) => object.servedFile(id));
  if (!file) return missing();
  const admission = file.path === '' ? 'admitted' : await admits(file.path);
  if (admission !== 'admitted') return admission === 'unknown' ? new Response(null, { status: 503 }) : missing();
  const { name, size, type } = file;
  return serveBytes(request, {
    size,
    etag: `"${id}"`,
    headers: {
      'Content-Type': servedType(type),
      // A browser shows it in an element, such as a picture, and never as a page: its content is a stranger's.
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeName(name)}`,
      'Content-Security-Policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-cache',
    },
    async open(offset, length) {
      if (file.bucket === undefined) return piecesOf(session, file, offset, length);
      const object = await bucketOf(bucket).get(file.bucket, { range: { offset, length } });
      return object?.body;
    },
  });
}

/** Reads the pieces of a file from its session, on demand. */
function piecesOf(
  session: NonNullable<FilesSurroundings['session']>,
  { id, piece: most }: ServedFile,
  offset: number,
  length: number,
): ReadableStream<Uint8Array> {
  let at = offset;
  const end = offset + length;
  return byteStream(async () => {
    if (at >= end) return undefined;
    const n = Math.floor(at / most);
    const piece = await session((object) => object.filePiece(id, n));
    if (!piece) throw new Error('The file was deleted while it was read.');
    const bytes = piece.subarray(at - n * most, Math.min(piece.length, end - n * most));
    at += bytes.length;
    return bytes;
  });
}

/**
 * Reads a part and stores it where it belongs.
 *
 * @returns what the session has to know of it, a clause that says why the file is refused, or undefined when it was cut off.
 */
async function readPart(
  body: ReadableStream<Uint8Array> | null,
  { type, bucket: place }: NextPart,
  from: number,
  length: number,
  bucket: R2Bucket | undefined,
): Promise<Uint8Array | StoredPart | string | undefined> {
  const reader: Reader | undefined = body?.getReader();
  const head = await readHead(reader);
  const wrong = head && from === 0 ? contradiction(type, head) : undefined;
  if (!head || wrong !== undefined) {
    await reader?.cancel().catch(() => {});
    return wrong;
  }
  if (!place) {
    const bytes = new Uint8Array(length);
    const sink = { at: 0 };
    const whole = await pump(reader, head, length, (chunk) => {
      bytes.set(chunk, sink.at);
      sink.at += chunk.length;
    });
    return whole ? bytes : undefined;
  }
  const { readable, writable } = new FixedLengthStream(length);
  const writer = writable.getWriter();
  const stored = bucketOf(bucket).resumeMultipartUpload(place.key, place.upload).uploadPart(place.n, readable);
  stored.catch(() => {}); // Because it rejects as well when the part is cut off.
  const whole = await pump(reader, head, length, (chunk) => writer.write(chunk)).catch(() => false);
  if (!whole) {
    await writer.abort('The part was cut off.').catch(() => {});
    return undefined;
  }
  await writer.close();
  return { n: place.n, length, etag: (await stored).etag };
}

/** Reads the beginning of a part: enough to tell its type. Undefined when it was cut off. */
async function readHead(reader: Reader | undefined): Promise<Uint8Array | undefined> {
  let head = new Uint8Array();
  try {
    while (head.length < 16) {
      const next = await reader?.read();
      if (!next || next.done) break;
      head = joined(head, next.value);
    }
    return head;
  } catch {
    return undefined;
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** Hands the bytes of a part to `take`, in order. @returns false when there are more or fewer than expected. */
async function pump(
  reader: Reader | undefined,
  head: Uint8Array,
  length: number,
  take: (chunk: Uint8Array) => unknown,
): Promise<boolean> {
  let rest = length;
  try {
    for (let chunk: Uint8Array | undefined = head; chunk; ) {
      rest -= chunk.length;
      if (rest < 0) break;
      if (chunk.length > 0) await take(chunk);
      const next: ReadableStreamReadResult<Uint8Array> | undefined = await reader?.read();
      chunk = next?.done ? undefined : next?.value;
    }
  } catch {
    return false;
  }
  if (rest !== 0) await reader?.cancel().catch(() => {});
  return rest === 0;
}

function bucketOf(bucket: R2Bucket | undefined): R2Bucket {
  if (bucket) return bucket;
  throw new ConfigurationError('The file is in a bucket, and the Worker binds none any more. Bind it as FILES again.');
}

function answer(said: Refusal | Received, status = 'problem' in said ? said.status : 200): Response {
  const { status: _, ...body } = { status: 0, ...said };
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}

function isId(id: string): boolean {
  return /^[\w-]{22,40}$/.test(id);
}

function numberIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Encodes a name for the header, where fewer characters are allowed than in a path. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
