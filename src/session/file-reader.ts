import type { FileReader } from '../file-ref/index.ts';
import type { Files } from '../files/index.ts';
import { type Journal, journal, run } from '../tasks/index.ts';

/**
 * Reads the files of a session for its pages. In a handler the reading is a call of `run.ioBound`, so the handler survives a
 * restart in it. The journal does not store what was read: files never change, so a replay reads again. So a file that a handler
 * has read and deletes stays until the handler has ended.
 */
export function fileReaderOf(session: { readonly files: Files }): FileReader {
  /** The files that each handler has read; true for those that it has deleted. */
  const known = new WeakMap<Journal, Map<string, boolean>>();
  const knownBy = (running: Journal) => {
    const files = known.get(running) ?? new Map<string, boolean>();
    known.set(running, files);
    return files;
  };
  return {
    open: (id) => session.files.open(id),
    async read({ id }, take) {
      const running = journal.get();
      const isDeleted = running && knownBy(running).get(id) === true;
      if (running && !isDeleted) knownBy(running).set(id, false);
      const read = async () => {
        // No file has an empty id, so this says that it is gone.
        const value = await take(await session.files.open(isDeleted ? '' : id));
        // A function cannot be stored.
        return { value: () => value };
      };
      const { value } = await (running ? run.ioBound(read) : read());
      return value();
    },
    async delete({ id }) {
      const running = journal.get();
      const files = running && knownBy(running);
      const remove = () => {
        if (!files?.has(id)) session.files.remove(id);
      };
      if (files?.get(id) === false) {
        files.set(id, true);
        running?.atEnd(() => session.files.remove(id));
      }
      await (running ? run.ioBound(remove) : remove());
    },
  };
}
