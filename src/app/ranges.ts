/** Bytes that are served, whole or in ranges. */
export interface Served {
  /** Number of bytes. */
  readonly size: number;
  /** Names this content, with its quotes. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Opens a part of the bytes. */
  open(offset: number, length: number): Promise<ReadableStream<Uint8Array> | undefined>;
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Answers a GET or a HEAD with bytes: all of them, a range of them, or none when the browser has them (RFC 9110). */
export async function serveBytes(request: Request, { size, etag, headers, open }: Served): Promise<Response> {
  const all = { ...headers, ETag: etag, 'Accept-Ranges': 'bytes' };
  const { headers: asked, method } = request;
  if (
    asked
      .get('If-None-Match')
      ?.split(/\s*,\s*/)
      .includes(etag)
  )
    return new Response(null, { status: 304, headers: all });
  const condition = asked.get('If-Range');
  const range = condition === null || condition === etag ? rangeIn(asked.get('Range'), size) : undefined;
  if (range === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { ...all, 'Content-Range': `bytes */${size}` } });
  }
  const { offset, length } = range ?? { offset: 0, length: size };
  const status = range ? 206 : 200;
  const shown = {
    ...all,
    'Content-Length': String(length),
    ...(range && { 'Content-Range': `bytes ${offset}-${offset + length - 1}/${size}` }),
  };
  if (method === 'HEAD' || length === 0) return new Response(null, { status, headers: shown });
  const bytes = await open(offset, length);
  if (!bytes) return new Response('The file does not exist any more.', { status: 404 });
  return new Response(bytes.pipeThrough(new FixedLengthStream(length)), { status, headers: shown });
}

/** Returns the one range of a header; undefined for none, for several, and for what cannot be read. */
function rangeIn(header: string | null, size: number): Range | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length };
  }
  const offset = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < offset) return undefined;
  return offset >= size ? 'unsatisfiable' : { offset, length: end - offset + 1 };
}
