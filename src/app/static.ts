import { serveBytes } from './ranges.ts';

/** Where `app.static` takes files from. */
export interface StaticSource {
  /** Name of the R2 binding. */
  readonly bucket: string;
  /** Begins the key of each file, such as `photos/`. @default '' */
  readonly prefix?: string;
  /**
   * The header that says how long browsers and caches may store a file.
   *
   * @default 'no-cache': they store it, and ask each time whether it has changed
   */
  readonly cacheControl?: string;
}

/** Serves an object of a bucket, also in ranges; undefined when there is none. */
export async function serveObject(
  request: Request,
  bucket: R2Bucket,
  key: string,
  cacheControl: string,
): Promise<Response | undefined> {
  const object = await bucket.head(key);
  if (!object) return undefined;
  const { size, httpEtag, httpMetadata = {} } = object;
  return serveBytes(request, {
    size,
    etag: httpEtag,
    headers: {
      'Content-Type': httpMetadata.contentType ?? typeOf(key),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': httpMetadata.cacheControl ?? cacheControl,
      ...(httpMetadata.contentDisposition && { 'Content-Disposition': httpMetadata.contentDisposition }),
      ...(httpMetadata.contentEncoding && { 'Content-Encoding': httpMetadata.contentEncoding }),
    },
    open: async (offset, length) => (await bucket.get(key, { range: { offset, length } }))?.body,
  });
}

/** The types of endings that pages show, for objects that were stored without one. */
const types: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  vtt: 'text/vtt',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

function typeOf(key: string): string {
  const [, ending = ''] = /\.(\w+)$/.exec(key.toLowerCase()) ?? [];
  return (Object.hasOwn(types, ending) && types[ending]) || 'application/octet-stream';
}
