import { ContextKey } from '../context/index.ts';

/** Path below which an application serves the files of its visitors. */
export const filesPath = '/_edgewise/files/';

/** What identifies and describes a file. */
export type FileData = {
  /** Identifies the file in its session. It cannot be guessed. */
  readonly id: string;
  /** Its name, without a path, such as `photo.jpg`. */
  readonly name: string;
  /** Its media type as its sender says, such as `image/jpeg`; `application/octet-stream` when nothing says it. */
  readonly type: string;
  /** Its size in bytes. */
  readonly size: number;
};

/** Opens a file by its id. */
export type OpenFile = (id: string) => Promise<ReadableStream<Uint8Array>>;

/** Reads files for the code that runs. */
export interface FileReader {
  /** Opens a file. */
  readonly open: OpenFile;
  /** Opens the file and returns what `take` makes of its bytes. */
  read<T>(file: FileData, take: (stream: ReadableStream<Uint8Array>) => T | Promise<T>): Promise<T>;
  /** Deletes the file. Does nothing for one that is gone. */
  delete(file: FileData): Promise<void>;
}

/** Where the running code reads files. */
export const fileReader = new ContextKey<FileReader>('page');

/**
 * A file of a visitor: what it is called and how to read it. It is small and plain, so states store it, handlers keep it across
 * restarts, and tasks take it as an argument. Its bytes stay where they are stored until somebody reads them.
 *
 * A file belongs to the page that it was uploaded to and is deleted with it, or with `until: 'session'` to the session. No other
 * session can read it.
 *
 * @example
 * ui.upload({ onUpload: async ({ file }) => ui.notify(`Letters in ${file.name}: ${(await file.text()).length}`) });
 */
export class FileRef implements FileData {
  /** Identifies the file in its session. It cannot be guessed. */
  readonly id: string;
  /** Its name, without a path, such as `photo.jpg`. */
  readonly name: string;
  /**
   * Its media type as the browser said it, such as `image/jpeg`; `application/octet-stream` when it said none. The browser may be
   * wrong, or lie.
   */
  readonly type: string;
  /** Its size in bytes. */
  readonly size: number;
  readonly #reader: FileReader | undefined;

  /**
   * @param reader reads the file; the page of the running code by default.
   * @internal
   */
  constructor({ id, name, type, size }: FileData, reader?: FileReader) {
    this.id = id;
    this.name = name;
    this.type = type;
    this.size = size;
    this.#reader = reader;
  }

  /** The address of the file, for its own session only. `ui.image`, `ui.audio` and `ui.video` take the file itself. */
  get url(): string {
    return fileAddress(this);
  }

  /**
   * Reads the file as UTF-8.
   *
   * @throws {Error} (rejects) when the file is gone, or outside of a page and a task.
   */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /**
   * Reads the file into memory. Read a large file by `stream`.
   *
   * @throws {Error} (rejects) when the file is gone, or outside of a page and a task.
   */
  bytes(): Promise<Uint8Array> {
    return this.#read('file.bytes', async (stream) => {
      const bytes = new Uint8Array(this.size);
      let at = 0;
      for await (const chunk of stream) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return bytes;
    });
  }

  /**
   * Opens the file. The stream reads on demand, so a large file takes little memory.
   *
   * @throws {Error} (rejects) when the file is gone, or outside of a page and a task.
   */
  stream(): Promise<ReadableStream<Uint8Array>> {
    return this.#read('file.stream', (stream) => stream);
  }

  /**
   * Deletes the file now, rather than at the end of its page; in a handler that has read it, when the handler has ended. Does
   * nothing for a file that is gone.
   *
   * @throws {Error} (rejects) outside of a page, also in a task, whose page may need the file for another attempt.
   */
  delete(): Promise<void> {
    const reader = this.#reader ?? fileReader.require('file.delete');
    return reader.delete(this);
  }

  /** The file as plain data, for JSON. */
  toJSON(): FileData {
    return dataOf(this);
  }

  #read<T>(what: string, take: (stream: ReadableStream<Uint8Array>) => T | Promise<T>): Promise<T> {
    const reader = this.#reader ?? fileReader.require(what);
    return reader.read(this, take);
  }
}

/** Returns the key of a file in a bucket. The id cannot be guessed and is never used again. */
export function fileKey(id: string): string {
  return `edgewise/${id}`;
}

/** Returns the address of a file. The name is for people and for saving; only the id counts. */
export function fileAddress({ id, name }: FileData): string {
  return `${filesPath}${id}/${encodeURIComponent(name)}`;
}

function dataOf({ id, name, type, size }: FileData): FileData {
  return { id, name, type, size };
}

/**
 * Replaces the files in the arguments of a task by plain data, because RPC copies no classes.
 *
 * @returns the arguments, and the very objects in them that stand for files. A copy of both together keeps that identity.
 */
export function packFiles(args: readonly unknown[]): {
  readonly args: readonly unknown[];
  readonly files?: readonly FileData[];
} {
  if (args.every((arg) => typeof arg !== 'object' || arg === null)) return { args };
  const files = new Map<FileRef, FileData>();
  const made = new Map<object, unknown>();
  const pack = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof FileRef) {
      const data = files.get(value) ?? dataOf(value);
      files.set(value, data);
      return data;
    }
    if (made.has(value)) return made.get(value);
    // What contains itself is found by this, and stays as it is.
    made.set(value, value);
    const packed = mapped(value, pack);
    made.set(value, packed);
    return packed;
  };
  const packed = pack(args) as readonly unknown[];
  return { args: packed, ...(files.size > 0 && { files: [...files.values()] }) };
}

/** Replaces the objects that stand for files by files that `reader` reads. The arguments are a copy that nobody else has. */
export function unpackFiles(
  args: readonly unknown[],
  files: readonly FileData[],
  reader: FileReader,
): readonly unknown[] {
  const refs = new Map(files.map((data): [unknown, FileRef] => [data, new FileRef(data, reader)]));
  const seen = new Set<object>();
  const unpack = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const ref = refs.get(value);
    if (ref) return ref;
    if (seen.has(value)) return value;
    seen.add(value);
    return mapped(value, unpack);
  };
  return unpack(args) as readonly unknown[];
}

/** Returns a container with other parts; the container itself when all parts stay. */
function mapped(value: object, of: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(of);
    return parts.some((part, index) => part !== value[index]) ? parts : value;
  }
  if (value instanceof Map) {
    const parts = [...value].map(([key, part]) => [key, of(part)] as const);
    return parts.some(([key, part]) => part !== value.get(key)) ? new Map(parts) : value;
  }
  if (value instanceof Set) {
    const parts = [...value].map(of);
    return parts.some((part) => !value.has(part)) ? new Set(parts) : value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, of(part)] as const);
  return entries.some(([key, part]) => part !== (value as Record<string, unknown>)[key])
    ? Object.fromEntries(entries)
    : value;
}
