import { type FileData, FileRef } from '../../file-ref/index.ts';
import { fileSize, type Json, type UploadItem } from '../../protocol/index.ts';
import { isAccepted } from '../accepted.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import type { LookOptions } from '../look.ts';
import { type OfferedFile, type PageHost, pageHost } from '../page-host.ts';

/** What `onUpload` receives. */
export interface UploadEvent {
  /** The file that has arrived. */
  readonly file: FileRef;
  /** The element. */
  readonly sender: Upload;
}

/** What `onMultiUpload` receives. */
export interface MultiUploadEvent {
  /** All files that were chosen together and have arrived. */
  readonly files: readonly FileRef[];
  /** The element. */
  readonly sender: Upload;
}

/** What `onRejected` receives. */
export interface RejectedEvent {
  /** Why the first of the files was refused, as a sentence. */
  readonly reason: string;
  /** Each refused file with its reason. */
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
  /** The element. */
  readonly sender: Upload;
}

/** Options of `ui.upload`. */
export interface UploadOptions extends ElementOptions, Pick<LookOptions, 'color'> {
  /** What to choose, as a text in the element. @default 'Choose a file', or 'Choose files' with `multiple` */
  readonly label?: string;
  /** True takes several files. @default false */
  readonly multiple?: boolean;
  /** Most bytes of a file. @default 10 MB without a bucket, 10 GB with one */
  readonly maxFileSize?: number;
  /** Most bytes of all files in the list. @default no limit of its own */
  readonly maxTotalSize?: number;
  /** Most files in the list until `reset`, from 1 on. @default 100 with `multiple`, otherwise 1 */
  readonly maxFiles?: number;
  /** Types of files, as in HTML: `.pdf`, `image/*`. The server refuses others. @default all */
  readonly accept?: string;
  /** What the files end with: their page, or the visitor's session, as for files in `storage.user`. @default 'page' */
  readonly until?: 'page' | 'session';
  /** True uploads at once. Otherwise a button begins it. @default false */
  readonly autoUpload?: boolean;
  /** Called when uploads begin, with the names of the files. @default none */
  readonly onBeginUpload?: (event: { readonly names: readonly string[]; readonly sender: Upload }) => unknown;
  /** Called with each file that has arrived, exactly once. @default none */
  readonly onUpload?: (event: UploadEvent) => unknown;
  /** Called once all files that were chosen together have arrived, or were refused. @default none */
  readonly onMultiUpload?: (event: MultiUploadEvent) => unknown;
  /** Called with files that were refused. @default none */
  readonly onRejected?: (event: RejectedEvent) => unknown;
}

/** Takes files from the user. */
export class Upload extends Element {
  readonly #options: UploadOptions;
  readonly #page: PageHost;

  constructor(options: UploadOptions = {}) {
    const { multiple = false, accept, autoUpload, onBeginUpload, onUpload, onMultiUpload, onRejected } = options;
    const label = options.label ?? (multiple ? 'Choose files' : 'Choose a file');
    const hint = hintOf(options);
    const flags = {
      ...(multiple && { multiple }),
      ...(accept && { accept }),
      ...(hint && { hint }),
      ...(autoUpload && { auto: true }),
    };
    super('upload', own<'upload'>({ label, files: [], ...flags }), options);
    this.#options = options;
    this.#page = pageHost.require('ui.upload');
    this.listen('offer', ({ value }) => this.#offered(value), 'parallel');
    this.listen('cancel', ({ value }) => this.#cancelled(value as string), 'parallel');
    this.listen('cut', ({ value }) => this.#cut(value as string), 'parallel');
    this.listen('uploaded', ({ value }) => this.#arrived(value), 'parallel');
    this.listen('refused', ({ value }) => this.#refused(value), 'parallel');
    if (onBeginUpload) {
      const begun = (value: Json | undefined) => {
        const names = this.#of(value).flatMap(({ ticket, name }) => (ticket === undefined ? [] : [name]));
        return names.length > 0 ? onBeginUpload({ names, sender: this }) : undefined;
      };
      this.listen('offer', ({ value }) => begun(value), 'parallel', onBeginUpload);
    }
    if (onUpload) {
      const arrived = (value: Json | undefined) => {
        const [, data] = value as [string, FileData];
        return onUpload({ file: new FileRef(data), sender: this });
      };
      this.listen('uploaded', ({ value }) => arrived(value), 'parallel', onUpload);
    }
    if (onMultiUpload) {
      const arrived = (value: Json | undefined) =>
        onMultiUpload({ files: (value as unknown as FileData[]).map((data) => new FileRef(data)), sender: this });
      this.listen('uploads', ({ value }) => arrived(value), 'parallel', onMultiUpload);
    }
    if (onRejected) {
      const rejected = (all: readonly { readonly name: string; readonly reason: string }[]) => {
        const [first] = all;
        return first && onRejected({ reason: first.reason, rejected: all, sender: this });
      };
      const atOffer = (value: Json | undefined) =>
        rejected(this.#of(value).flatMap(({ name, problem }) => (problem ? [{ name, reason: problem }] : [])));
      const later = (value: Json | undefined) => {
        const [, name, reason] = value as [string, string, string];
        return rejected([{ name, reason }]);
      };
      this.listen('offer', ({ value }) => atOffer(value), 'parallel', onRejected);
      this.listen('refused', ({ value }) => later(value), 'parallel', onRejected);
    }
  }

  /** Empties the list and ends the uploads in it. Files that have arrived stay until their page ends. */
  reset(): void {
    for (const { key, ticket } of this.#files) if (ticket !== undefined) this.#page.files.withdraw(this.node, key);
    this.#files = [];
  }

  get #files(): readonly UploadItem[] {
    return this.get<Json>('files') as unknown as UploadItem[];
  }

  set #files(files: readonly UploadItem[]) {
    this.bind('files', files);
  }

  /** Returns the entries of an offer. */
  #of(offer: Json | undefined): UploadItem[] {
    const keys = new Set(offersIn(offer).map(({ key }) => key));
    return this.#files.filter(({ key }) => keys.has(key));
  }

  /** Answers an offer: each file gets a ticket, or a sentence that says why not. */
  #offered(value: Json | undefined): void {
    const { multiple } = this.#options;
    // A single file replaces the one before.
    if (!multiple) this.reset();
    const files = this.#files.filter(({ problem }) => problem === undefined);
    for (const offered of offersIn(value)) {
      if (files.some(({ key }) => key === offered.key)) continue;
      const problem = this.#problemOf(offered, files);
      const answer = problem ?? this.#page.files.offer(this.node, { ...offered, until: this.#options.until ?? 'page' });
      const { key, name, size } = offered;
      if (typeof answer === 'string') files.push({ key, name: name.slice(0, 200), size, problem: answer });
      else files.push({ key, name: answer.name, size, ticket: answer.ticket, part: answer.part });
    }
    this.#files = files;
  }

  #problemOf({ name, type, size }: OfferedFile, files: readonly UploadItem[]): string | undefined {
    const { accept = '', maxFileSize, maxTotalSize, multiple, maxFiles = multiple ? 100 : 1 } = this.#options;
    const taken = files.filter(({ problem }) => problem === undefined);
    const total = taken.reduce((sum, file) => sum + file.size, size);
    if (!isAccepted(accept, name, type)) return `${name} is not of a type that is wanted here: ${accept}.`;
    if (maxFileSize !== undefined && size > maxFileSize) {
      return `${name} is too large: it has ${fileSize(size)}, and at most ${fileSize(maxFileSize)} are possible.`;
    }
    if (taken.length >= maxFiles)
      return `${name} was refused: at most ${maxFiles === 1 ? 'one file is' : `${maxFiles} files are`} possible.`;
    if (maxTotalSize !== undefined && total > maxTotalSize) {
      return `${name} was refused: all files together may have at most ${fileSize(maxTotalSize)}.`;
    }
    return undefined;
  }

  #cancelled(key: string): void {
    this.#page.files.withdraw(this.node, key);
    this.#files = this.#files.filter((file) => file.key !== key);
  }

  /** Only the document in which a file was chosen can read it, and it is gone. */
  #cut(key: string): void {
    this.#page.files.withdraw(this.node, key);
    this.#files = this.#files.map((file) => {
      const { name, size, ticket } = file;
      const problem = `${name} was not uploaded, because the page was loaded again. Choose it again.`;
      return file.key === key && ticket !== undefined ? { key, name, size, problem } : file;
    });
  }

  #arrived(value: Json | undefined): void {
    const [key] = value as [string];
    this.#files = this.#files.map((file) =>
      file.key === key ? { key, name: file.name, size: file.size, done: true } : file,
    );
  }

  #refused(value: Json | undefined): void {
    const [key, , problem = ''] = value as [string, string, string];
    this.#files = this.#files.map((file) =>
      file.key === key ? { key, name: file.name, size: file.size, problem } : file,
    );
  }
}

function offersIn(value: Json | undefined): OfferedFile[] {
  const [batch, files] = value as unknown as [string, (readonly [string, string, string, number])[]];
  return files.map(([key, name, type, size]) => ({ key, batch, name, type, size }));
}

function hintOf({ accept, maxFileSize, maxFiles, maxTotalSize }: UploadOptions): string {
  return [
    accept?.replaceAll(',', ', ').replaceAll(/\s+/g, ' '),
    maxFileSize !== undefined && `up to ${fileSize(maxFileSize)}${maxTotalSize === undefined ? '' : ' each'}`,
    maxTotalSize !== undefined && `${fileSize(maxTotalSize)} together`,
    maxFiles !== undefined && maxFiles > 1 && `at most ${maxFiles} files`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/**
 * Lets the user choose files, or drop them onto the element, and uploads them with a progress and a button that cancels. The
 * server enforces all limits. An upload continues after a lost connection and a restart of the server, and its handlers run exactly
 * once.
 *
 * The files belong to the page, or with `until` to the session. Without a bucket a file has at most 10 MB; `edgewise({ files: true })` binds one.
 *
 * @example
 * ui.upload({
 *   multiple: true,
 *   accept: '.csv',
 *   maxFileSize: 5_000_000,
 *   autoUpload: true,
 *   onUpload: async ({ file }) => {
 *     const rows = (await file.text()).split('\n');
 *     ui.notify(`Rows of ${file.name}: ${rows.length}`);
 *   },
 *   onRejected: ({ reason }) => ui.notify(reason, { type: 'warning' }),
 * });
 */
export function upload(options?: UploadOptions): Upload {
  return new Upload(options);
}
