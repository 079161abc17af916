import { FileRef } from '../file-ref/index.ts';
import { journal, run } from '../tasks/index.ts';
import { inBrowser } from './navigate.ts';
import { type FileContent, pageHost } from './page-host.ts';

/** Options of `ui.file` and `ui.download`. */
export interface FileOptions {
  /** The name under which a browser saves it. @default 'file', or the name of the file */
  readonly name?: string;
  /** The media type, such as `text/csv`. @default text/plain for a text, that of a Blob or a Response, otherwise unknown */
  readonly type?: string;
  /** What the file ends with: its page, or the visitor's session, as for a file in `storage.user`. @default 'page' */
  readonly until?: 'page' | 'session';
}

/**
 * Makes a file of the page of bytes, a text, a stream or a response. The page deletes it at its end. A stream of any length takes
 * little memory.
 *
 * @example
 * const chart = await ui.file(png, { name: 'chart.png', type: 'image/png' });
 * picture.src = chart;
 *
 * @throws {RangeError} (rejects) when it is larger than the storage of the application allows: 10 MB without a bucket.
 */
export async function file(
  content: FileContent,
  { name = 'file', type, until = 'page' }: FileOptions = {},
): Promise<FileRef> {
  const { files } = pageHost.require('ui.file');
  const makeFile = async () =>
    new FileRef(await files.make(content, { name, until, ...(type !== undefined && { type }) }));
  return journal.get() ? run.ioBound(makeFile) : makeFile();
}

/**
 * Saves a file in the browser that shows the page. It takes a file of `ui.upload` or `ui.file`, or what `ui.file` makes one of. A
 * text is the content, not an address.
 *
 * @example
 * ui.button('Export', () => ui.download(rows.value.map((row) => row.join(',')).join('\n'), { name: 'rows.csv', type: 'text/csv' }));
 *
 * @example
 * const response = await fetch(address);
 * await ui.download(response, { name: 'report.pdf' });
 *
 * @throws {RangeError} (rejects) when it is larger than the storage of the application allows: 10 MB without a bucket.
 */
export async function download(content: FileContent | FileRef, options: FileOptions = {}): Promise<void> {
  const page = pageHost.require('ui.download');
  const made = content instanceof FileRef ? content : await file(content, options);
  pageHost.run(page, () => inBrowser('ui.download', 'download', made.url, options.name ?? made.name));
}
