import type { FileReader } from '../file-ref/index.ts';
import type { Files } from '../files/index.ts';
import { journal, run } from '../tasks/index.ts';

/**
 * Reads the files of a session for its pages. In a handler the reading is a call of `run.ioBound`, so the handler survives a
 * restart in it. The journal does not store what was read: files never change, so a replay reads again.
 */
export function fileReaderOf(session: { readonly files: Files }): FileReader {
  return {
    open: (id) => session.files.open(id),
    async read(file, take) {
      const read = async () => {
        const value = await take(await session.files.open(file.id));
        // A function cannot be stored.
        return { value: () => value };
      };
      const { value } = await (journal.get() ? run.ioBound(read) : read());
      return value();
    },
    async delete({ id }) {
      const remove = () => session.files.remove(id);
      await (journal.get() ? run.ioBound(remove) : remove());
    },
  };
}
