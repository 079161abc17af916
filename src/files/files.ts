import { byteStream, type FileData, FileRef, fileKey } from '../file-ref/index.ts';
import { fileSize } from '../protocol/index.ts';
import { decode, encode, isReset, type Store, type UnitOfWork } from '../storage/index.ts';
import type { Key } from '../tree/index.ts';
import type {
  FileBucket,
  FileContent,
  FileEvent,
  FilesApi,
  FilesHost,
  NextPart,
  Offered,
  Received,
  Refusal,
  ServedFile,
  StoredPart,
  Ticket,
} from './api.ts';
import { fileLimits } from './limits.ts';
import { safeName, safeType } from './names.ts';
import { Pieces } from './pieces.ts';

/** The row of a file. */
interface FileRecord extends FileData {
  /** The page with which it ends; '' when it ends with its session. */
  readonly page: string;
  /** Its key in the bucket; absent for a file in rows. */
  readonly bucket?: string;
  /** The element that uploads it, and the names that its browser gave. Absent for a file that code has made. */
  readonly by?: { readonly page: string; readonly node: Key; readonly key: string; readonly batch: string };
  /** Absent once the file is complete. */
  readonly open?: {
    readonly ticket: string;
    readonly received: number;
    /** When it ends without a further part, in milliseconds since the epoch. */
    readonly until: number;
    /** The name of the upload in the bucket, once it has begun. */
    readonly upload?: string;
    readonly parts: readonly { readonly n: number; readonly etag: string }[];
    /** Parts of the bucket that were begun, so that no two attempts write the same one. */
    readonly begun: number;
  };
  /** When the session of a file that outlives its page was last used, in milliseconds since the epoch. */
  readonly seen?: number;
  /** True when only its object in the bucket is left to delete. */
  readonly gone?: true;
}

const noTicket: Refusal = { problem: 'This upload has ended. Choose the file again.', status: 410 };
const tooBig = (name: string, most: number, why = '') =>
  `${name} is too large: at most ${fileSize(most)} are possible${why}.`;
const bindBucket =
  ' while the application has no bucket. Bind an R2 bucket as FILES, as in edgewise({ files: true }), for larger ones';

/**
 * The files of a session: those that browsers upload, and those that code makes. A file has a row before it has bytes, so
 * nothing in a bucket is ever without a row, whenever the object dies.
 *
 * ```
 *   offer ──► open ──part──► open ──last part──► complete ──page ends──► gone ──alarm──► nothing
 *               └── withdrawn, refused, or no part for ten minutes ─────────┘
 * ```
 *
 * The bytes are in rows of the object, or in a bucket. What goes into a bucket never passes through the object.
 */
export class Files implements UnitOfWork, FilesApi {
  readonly #host: FilesHost;
  #records: Map<string, FileRecord> | undefined;
  readonly #changed = new Set<string>();
  /** Uploads whose end is under way. */
  readonly #ending = new Map<string, Promise<Received | Refusal>>();
  /** Uploads that begin in the bucket now. */
  readonly #beginning = new Map<string, Promise<void>>();

  constructor(host: FilesHost) {
    this.#host = host;
  }

  // ---- offers

  /**
   * Permits a browser to upload a file, once.
   *
   * @returns a sentence when the session has no room for it.
   */
  offer(page: string, node: Key, offered: Offered): Ticket | string {
    const name = safeName(offered.name);
    const type = safeType(offered.type);
    const { size, key, batch, until } = offered;
    const all = [...this.#load().values()];
    // A bucket takes no part without bytes.
    const inBucket = size > 0 && this.#host.bucket() !== undefined;
    const most = inBucket ? fileLimits.inBucket : fileLimits.inRows;
    if (size > most) return tooBig(name, most, inBucket ? '' : bindBucket);
    if (all.length >= fileLimits.files)
      return `${name} was refused: a session stores at most ${fileLimits.files} files.`;
    if (all.filter(({ open }) => open).length >= fileLimits.uploads) {
      return `${name} was refused: at most ${fileLimits.uploads} uploads may be open at once. Wait until some have ended.`;
    }
    const sum = all
      .filter(({ bucket }) => (bucket !== undefined) === inBucket)
      .reduce((total, each) => total + each.size, 0);
    if (sum + size > (inBucket ? fileLimits.allInBucket : fileLimits.allInRows)) {
      return `${name} was refused: the files of this session take too much room.`;
    }
    const ticket = this.#host.clock.newId();
    const id = this.#host.clock.newId();
    this.#change({
      ...{ id, name, type, size, ...this.#owner(until, page), by: { page, node, key, batch } },
      ...(inBucket && { bucket: fileKey(id) }),
      open: { ticket, received: 0, until: this.#until(), parts: [], begun: 0 },
    });
    return { ticket, part: inBucket ? fileLimits.part : fileLimits.piece, name, type };
  }

  /** Ends an upload that its browser does not want any more. */
  withdraw(page: string, node: Key, key: string): void {
    for (const record of this.#load().values()) {
      const { by, open } = record;
      if (by?.page !== page || by.node !== node || by.key !== key || !open) continue;
      this.#drop(record);
      void this.#host.hear(page, node, () => this.#batchEnded(by));
    }
  }

  // ---- parts

  async nextPart(ticket: string): Promise<NextPart | Refusal> {
    if (!this.#host.admit()) return { problem: 'Too many requests in a short time.', status: 429 };
    // Because the ticket may be older than its row, and what goes into the bucket must have a row.
    await this.#host.durable();
    const record = this.#byTicket(ticket);
    if (record?.bucket !== undefined && record.open?.upload === undefined) await this.#begin(record);
    const now = this.#byTicket(ticket);
    const path = now?.by && this.#host.pathOf(now.by.page);
    if (!now?.open || path === undefined) return noTicket;
    const { name, type, size, bucket, open } = now;
    const { received, upload } = open;
    const part = bucket === undefined ? fileLimits.piece : fileLimits.part;
    const n = open.begun + 1;
    const place = bucket !== undefined && upload !== undefined && { bucket: { key: bucket, upload, n } };
    if (place) this.#change({ ...now, open: { ...open, begun: n } });
    return { path, name, type, size, received, part, ...place };
  }

  async takePart(ticket: string, from: number, part: Uint8Array | StoredPart): Promise<Received | Refusal> {
    const record = this.#byTicket(ticket);
    if (!record?.open) return noTicket;
    const { size, bucket, open } = record;
    const { received } = open;
    const inRows = part instanceof Uint8Array;
    if (inRows !== (bucket === undefined)) return { problem: 'The part is in the wrong place.', status: 400 };
    if (from === received && received < size) {
      const length = Math.min(size - from, inRows ? fileLimits.piece : fileLimits.part);
      if (part.length !== length) {
        return { problem: `A part of ${length} bytes was expected, and one of ${part.length} came.`, status: 400 };
      }
      const parts = inRows ? open.parts : [...open.parts, { n: part.n, etag: part.etag }];
      this.#change(
        { ...record, open: { ...open, received: received + length, until: this.#until(), parts } },
        (store) => {
          if (inRows) store.writePiece(record.id, from / fileLimits.piece, part);
        },
      );
    } else if (from !== received) return { received, done: false };
    const now = this.#byTicket(ticket);
    if (!now?.open) return noTicket;
    return now.open.received < size ? { received: now.open.received, done: false } : this.#end(now);
  }

  async refusePart(ticket: string, problem: string): Promise<void> {
    const record = this.#byTicket(ticket);
    if (record) await this.#refuse(record, `${record.name} was refused: ${problem}.`);
  }

  // ---- reading

  async servedFile(id: string): Promise<ServedFile | undefined> {
    const record = this.#complete(id);
    // A file of the session belongs to no page that the visitor might lose.
    const path = record?.page === '' ? '' : record && this.#host.pathOf(record.page);
    if (!record || path === undefined) return undefined;
    const { name, type, size, bucket } = record;
    return { id, name, type, size, path, piece: fileLimits.piece, ...(bucket !== undefined && { bucket }) };
  }

  async filePiece(id: string, n: number): Promise<Uint8Array | undefined> {
    return this.#complete(id) && this.#host.store.piece(id, n);
  }

  /** Opens a file. @throws {Error} (rejects) when there is none. */
  async open(id: string): Promise<ReadableStream<Uint8Array>> {
    const record = this.#complete(id);
    const stream =
      record && (record.bucket === undefined ? this.#streamOf(record) : await this.#bucket.read(record.bucket));
    if (stream) return stream;
    throw new Error(
      'The file does not exist any more, or belongs to another session. A file is deleted together with the page that it was uploaded to.',
    );
  }

  #streamOf({ id, size }: FileRecord): ReadableStream<Uint8Array> {
    let n = 0;
    return byteStream(() => (n * fileLimits.piece < size ? this.#host.store.piece(id, n++) : undefined));
  }

  // ---- making

  /**
   * Makes a file of the page of what code gives.
   *
   * @throws {RangeError} (rejects) when it is too large.
   */
  async make(
    page: string,
    content: FileContent,
    given: { readonly name: string; readonly type?: string; readonly until?: 'page' | 'session' },
  ): Promise<FileData> {
    const { clock } = this.#host;
    const id = clock.newId();
    const inBucket = this.#host.bucket() !== undefined;
    const type =
      given.type ??
      (content instanceof Blob ? content.type : content instanceof Response ? content.headers.get('Content-Type') : '');
    const data = {
      id,
      name: safeName(given.name),
      type: safeType(type || (typeof content === 'string' ? 'text/plain' : '')),
      size: 0,
    };
    this.#change({
      ...{ ...data, ...this.#owner(given.until, page) },
      ...(inBucket && { bucket: fileKey(id) }),
      open: { ticket: clock.newId(), received: 0, until: this.#until(), parts: [], begun: 0 },
    });
    await this.#host.durable();
    const now = () => {
      const record = this.#load().get(id);
      if (record?.open) return { record, open: record.open };
      throw new Error(`${data.name} was not made: its page has ended.`);
    };
    try {
      if (inBucket) await this.#begin(now().record);
      const most = inBucket ? fileLimits.inBucket : fileLimits.inRows;
      for await (const bytes of new Pieces(content, inBucket ? fileLimits.part : fileLimits.piece)) {
        const { received } = now().open;
        const size = received + bytes.length;
        if (size > most) throw new RangeError(tooBig(data.name, most, inBucket ? '' : bindBucket));
        const { bucket, open } = now().record;
        const n = (open?.parts.length ?? 0) + 1;
        const etag =
          bucket === undefined || open?.upload === undefined
            ? undefined
            : await this.#bucket.write(bucket, open.upload, n, bytes);
        const { record, open: then } = now();
        const parts = etag === undefined ? then.parts : [...then.parts, { n, etag }];
        this.#change({ ...record, size, open: { ...then, received: size, until: this.#until(), parts } }, (store) => {
          if (etag === undefined) store.writePiece(id, received / fileLimits.piece, bytes);
        });
      }
      const { record, open } = now();
      if (record.bucket !== undefined && open.upload !== undefined) {
        await this.#bucket.end(record.bucket, open.upload, open.parts);
      }
      const { open: _, ...complete } = now().record;
      this.#change(complete);
      await this.#host.durable();
      return { ...data, size: complete.size };
    } catch (error) {
      const record = this.#load().get(id);
      if (record) this.#drop(record);
      throw error;
    }
  }

  // ---- ends

  /** Deletes a file that is complete. */
  remove(id: string): void {
    const record = this.#complete(id);
    if (record) this.#drop(record);
  }

  /** Deletes the files of a page that has ended, in the same batch of writes as its rows. */
  pageEnded(page: string): void {
    const ends = ({ page: of, by, open, gone }: FileRecord) => !gone && (of === page || (open && by?.page === page));
    const records = [...this.#load().values()].filter(ends);
    for (const record of records) this.#drop(record);
    for (const record of this.#load().values()) {
      if (record.seen === undefined || record.gone) continue;
      this.#load().set(record.id, { ...record, seen: this.#host.clock.now() });
      this.#changed.add(record.id);
    }
    if (this.dirty) this.persist(this.#host.store);
  }

  /** When the session of files that outlive their pages was last used; 0 when there are none. */
  get seen(): number {
    return Math.max(0, ...[...this.#load().values()].map(({ seen = 0, gone }) => (gone ? 0 : seen)));
  }

  /** Deletes all files, because the session ends: its rows are gone. What is in the bucket gets new rows, for the alarm. */
  sessionEnded(): void {
    for (const record of this.#load().values()) this.#drop(record);
    for (const [id, record] of this.#load()) if (record.gone) this.#changed.add(id);
    this.persist(this.#host.store);
  }

  /** True while the bucket may have what is to be deleted. */
  get owes(): boolean {
    return [...this.#load().values()].some(({ gone }) => gone);
  }

  /** When {@link expire} has work to do; undefined for never. */
  get dueAt(): number | undefined {
    const times = [...this.#load().values()].map(({ gone, open }) =>
      gone ? this.#host.clock.now() : (open?.until ?? Number.POSITIVE_INFINITY),
    );
    const first = Math.min(...times);
    return Number.isFinite(first) ? first : undefined;
  }

  /** Ends the uploads that had no part for too long, and deletes from the bucket what is gone. */
  async expire(): Promise<void> {
    const now = this.#host.clock.now();
    for (const record of [...this.#load().values()]) {
      if (record.gone) await this.#removeObject(record);
      else if (record.open && record.open.until <= now) {
        // The browser has sent all of it, and the object died before its handlers had it.
        if (record.by && record.open.received === record.size && record.size > 0) await this.#endLate(record, now);
        else await this.#refuse(record, `${record.name} was not uploaded: nothing came for a long time.`);
      }
    }
    this.#host.due(this.owes ? now + fileLimits.retryAfter : this.dueAt);
    this.#host.commit();
  }

  async #endLate(record: FileRecord, now: number): Promise<void> {
    await this.#end(record);
    const still = this.#load().get(record.id);
    if (still?.open) this.#change({ ...still, open: { ...still.open, until: now + fileLimits.retryAfter } });
  }

  // ---- committing

  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  persist(store: Store): void {
    for (const id of this.#changed) {
      const record = this.#load().get(id);
      if (!record) {
        store.deleteFile(id);
        continue;
      }
      // The bytes of what is gone are in the bucket only.
      store.writeFile({ file: id, page: record.page, state: encode(record, 'A file') });
    }
  }

  persisted(): void {
    this.#changed.clear();
  }

  /** Stores a record at once, with what `write` writes. */
  #change(record: FileRecord, write?: (store: Store) => void): void {
    const before = this.#load().get(record.id);
    this.#load().set(record.id, record);
    this.#changed.add(record.id);
    this.#host.due(this.dueAt);
    if (write) {
      try {
        this.#host.store.transaction(() => {
          write(this.#host.store);
          this.persist(this.#host.store);
        });
        this.#changed.clear();
      } catch (error) {
        if (before) this.#load().set(record.id, before);
        throw error;
      }
    }
    this.#host.commit();
  }

  #drop(record: FileRecord): void {
    if (record.gone) return;
    const { open, by: _, ...rest } = record;
    // An object that was never begun needs no deletion.
    if (record.bucket === undefined || (open && open.upload === undefined && !this.#beginning.has(record.id))) {
      this.#load().delete(record.id);
    } else this.#load().set(record.id, { ...rest, ...(open && { open }), gone: true });
    this.#changed.add(record.id);
    this.#host.due(this.dueAt);
    this.#host.commit();
  }

  async #removeObject({ id, bucket = '', open }: FileRecord): Promise<void> {
    try {
      if (open?.upload !== undefined) await this.#bucket.abandon(bucket, open.upload);
      // Also what was under way when the upload ended.
      await this.#bucket.remove(bucket);
    } catch (error) {
      if (isReset(error)) throw error;
      this.#host.log('A file could not be deleted from the bucket; the session tries again.', error);
      return;
    }
    this.#load().delete(id);
    this.#changed.add(id);
  }

  // ---- the end of an upload

  /** Completes an upload and has its element hear of it; once, however often it is called. */
  #end(record: FileRecord): Promise<Received | Refusal> {
    const under = this.#ending.get(record.id);
    if (under) return under;
    const ending = this.#endOnce(record).finally(() => this.#ending.delete(record.id));
    this.#ending.set(record.id, ending);
    return ending;
  }

  async #endOnce(record: FileRecord): Promise<Received | Refusal> {
    const { id, by, size, bucket, open } = record;
    if (!by || !open) return noTicket;
    if (bucket !== undefined && open.upload !== undefined) {
      try {
        await this.#bucket.end(bucket, open.upload, open.parts);
      } catch (error) {
        // An earlier attempt may have ended it, just before the object died.
        if (!(await this.#bucket.has(bucket))) {
          this.#host.log('An upload could not be completed in the bucket.', error);
          await this.#refuse(record, `${record.name} could not be stored. Choose it again.`);
          return { problem: 'The file could not be stored.', status: 409 };
        }
      }
    }
    const heard = await this.#host.hear(by.page, by.node, () => {
      const now = this.#load().get(id);
      if (!now?.open || now.gone) return [];
      const { open: _, ...complete } = now;
      this.#change(complete);
      return [['uploaded', id, [by.key, new FileRef(complete).toJSON()]], ...this.#batchEnded(by)];
    });
    if (heard === 'later') return { problem: 'The page cannot be loaded at the moment.', status: 503 };
    if (heard === 'gone') {
      const now = this.#load().get(id);
      if (now) this.#drop(now);
      return { problem: 'The page no longer takes this file.', status: 410 };
    }
    await this.#host.durable();
    return { received: size, done: true };
  }

  async #refuse({ id, by, name }: FileRecord, problem: string): Promise<void> {
    const end = () => {
      const now = this.#load().get(id);
      if (!now?.open || now.gone) return false;
      this.#drop(now);
      return true;
    };
    if (by) {
      const heard = () => (end() ? [['refused', id, [by.key, name, problem]] as const, ...this.#batchEnded(by)] : []);
      await this.#host.hear(by.page, by.node, heard);
    }
    // The page may be gone.
    end();
  }

  /** Returns the event for all files that were chosen together, once none of them is open. */
  #batchEnded(by: NonNullable<FileRecord['by']>): FileEvent[] {
    const batch = [...this.#load().values()].filter(
      (each) => !each.gone && each.by?.page === by.page && each.by.node === by.node && each.by.batch === by.batch,
    );
    if (batch.length === 0 || batch.some(({ open }) => open)) return [];
    return [['uploads', `${by.batch} ${batch.at(-1)?.id}`, batch.map((each) => new FileRef(each).toJSON())]];
  }

  // ---- small things

  get #bucket(): FileBucket {
    const bucket = this.#host.bucket();
    if (!bucket)
      throw new Error('The file is in a bucket, and the application binds none any more. Bind it as FILES again.');
    return bucket;
  }

  /** Begins the upload of a file in the bucket. */
  #begin(record: FileRecord): Promise<void> {
    const { id, bucket = '', type } = record;
    const under = this.#beginning.get(id);
    if (under) return under;
    const beginning = this.#bucket
      .begin(bucket, type)
      .then(async (upload) => {
        const now = this.#load().get(id);
        if (now?.open && !now.gone) this.#change({ ...now, open: { ...now.open, upload } });
        else await this.#bucket.abandon(bucket, upload);
        await this.#host.durable();
      })
      .finally(() => this.#beginning.delete(id));
    this.#beginning.set(id, beginning);
    return beginning;
  }

  #byTicket(ticket: string): FileRecord | undefined {
    for (const record of this.#load().values()) {
      if (record.open?.ticket === ticket && record.by && !record.gone) return record;
    }
    return undefined;
  }

  #complete(id: string): FileRecord | undefined {
    const record = this.#load().get(id);
    return record && !record.open && !record.gone ? record : undefined;
  }

  #owner(until: 'page' | 'session' | undefined, page: string): Pick<FileRecord, 'page' | 'seen'> {
    return until === 'session' ? { page: '', seen: this.#host.clock.now() } : { page };
  }

  #until(): number {
    return this.#host.clock.now() + fileLimits.idle;
  }

  #load(): Map<string, FileRecord> {
    this.#records ??= new Map(
      this.#host.store.files().map(({ file, state }): [string, FileRecord] => [file, decode(state) as FileRecord]),
    );
    return this.#records;
  }
}
