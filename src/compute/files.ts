import { type FileReader, fileKey, unpackFiles } from '../file-ref/index.ts';
import type { TaskCall } from '../rpc/index.ts';

/** A call whose arguments have files that the task can read. */
export interface TaskFiles {
  readonly call: TaskCall;
  /** Ends the connection to the caller, through which files are read. */
  close(): void;
}

/** The bucket with the files of the application's visitors, where the compute Worker binds it. */
type Bucket = Pick<R2Bucket, 'get'>;

/** Returns the call with readable files; undefined when it has none. They come from the bucket, or else from the caller. */
export function taskFiles(call: TaskCall, bucket?: Bucket): TaskFiles | undefined {
  if (!call.files || !call.open) return undefined;
  const { open } = call as {
    readonly open: NonNullable<TaskCall['open']> & Partial<Disposable> & { dup?(): typeof open };
  };
  // A stub of the platform ends with the call that has brought it, and a task runs longer.
  const mine = open.dup?.() ?? open;
  const reader: FileReader = {
    async open(id) {
      const object = await bucket?.get(fileKey(id));
      return object?.body ?? mine(id);
    },
    read: async ({ id }, take) => take(await reader.open(id)),
    async delete({ name }) {
      throw new Error(
        `A task cannot delete a file, because another attempt may need it. Delete ${name} in the handler that called the task.`,
      );
    },
  };
  return {
    call: { ...call, args: unpackFiles(call.args, call.files, reader) },
    close() {
      if (mine !== open) mine[Symbol.dispose]?.();
    },
  };
}
