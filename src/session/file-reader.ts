import type { FileData, FileReader } from '../file-ref/index.ts';
import type { Files } from '../files/index.ts';
import { type Journal, journal, run } from '../tasks/index.ts';

/**
 * Reads the files of a session for its pages. In a handler the reading is a call of `run.ioBound`, so the handler survives a
 * restart in it. The journal does not store what was read: files never change, so a replay reads again. So a file that a handler
 * has read and deletes stays until the handler has ended.
 */
export class SessionFileReader implements FileReader {
  readonly #session: { readonly files: Files };
  /** The files that each handler has read; true for those that it has deleted. */
  #known: WeakMap<Journal, Map<string, boolean>> | undefined;

  constructor(session: { readonly files: Files }) {
    this.#session = session;
  }

  #knownBy(running: Journal): Map<string, boolean> {
    this.#known ??= new WeakMap();
    const files = this.#known.get(running) ?? new Map<string, boolean>();
    this.#known.set(running, files);
    return files;
  }

  open(id: string): ReturnType<FileReader['open']> {
    return this.#session.files.open(id);
  }

  async read<T>({ id }: FileData, take: (stream: ReadableStream<Uint8Array>) => T | Promise<T>): Promise<T> {
    const running = journal.get();
    const isDeleted = running && this.#knownBy(running).get(id) === true;
    if (running && !isDeleted) this.#knownBy(running).set(id, false);
    const read = async () => {
      // No file has an empty id, so this says that it is gone.
      const value = await take(await this.open(isDeleted ? '' : id));
      // A function cannot be stored.
      return { value: () => value };
    };
    const { value } = await (running ? run.ioBound(read) : read());
    return value();
  }

  async delete({ id }: FileData): Promise<void> {
    const running = journal.get();
    const files = running && this.#knownBy(running);
    const remove = () => {
      if (!files?.has(id)) this.#session.files.remove(id);
    };
    if (files?.get(id) === false) {
      files.set(id, true);
      running?.atEnd(() => this.#session.files.remove(id));
    }
    await (running ? run.ioBound(remove) : remove());
  }
}
