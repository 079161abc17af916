import type { Clock } from '../clock/index.ts';
import type { FileContent, OfferedFile, UploadTicket } from '../elements/index.ts';
import type { FileData } from '../file-ref/index.ts';
import type { Json } from '../protocol/index.ts';
import type { Store } from '../storage/index.ts';
import type { Key } from '../tree/index.ts';

/** A part of a file that is in a bucket. */
export interface StoredPart {
  /** Its number in the bucket, from 1 on. Numbers have gaps: each attempt to send a part has its own. */
  readonly n: number;
  /** Its size in bytes. */
  readonly length: number;
  /** What the bucket calls its content. */
  readonly etag: string;
}

/** A bucket for the bytes of files: R2 in production. A file has one key, whose object appears when its upload ends. */
export interface FileBucket {
  /** Begins an upload in parts, and returns its name. */
  begin(key: string, type: string): Promise<string>;
  /** Writes part `n`, from 1 on, and returns its etag. */
  write(key: string, upload: string, n: number, bytes: Uint8Array): Promise<string>;
  /** Makes the object of these parts, in their order. */
  end(key: string, upload: string, parts: readonly Omit<StoredPart, 'length'>[]): Promise<void>;
  /** Ends an upload without an object. Does nothing for one that has ended. */
  abandon(key: string, upload: string): Promise<void>;
  has(key: string): Promise<boolean>;
  /** Opens an object; undefined when there is none. */
  read(key: string): Promise<ReadableStream<Uint8Array> | undefined>;
  remove(key: string): Promise<void>;
}

export type { FileContent };
/** What a browser offers to upload. */
export type Offered = OfferedFile;
/** Permission to upload one file. */
export type Ticket = UploadTicket;

/** A refusal, as a sentence for the person, and the HTTP status that says the same. */
export interface Refusal {
  readonly problem: string;
  readonly status: number;
}

/** What the next part of an upload must be. */
export interface NextPart {
  /** The path of the page that it belongs to. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Number of bytes that are stored. */
  readonly received: number;
  /** Bytes of each part but the last. */
  readonly part: number;
  /** Where to store the part; absent for the session's own rows. */
  readonly bucket?: {
    readonly key: string;
    readonly upload: string;
    /** The number of the part, from 1 on, which no other attempt has. */
    readonly n: number;
  };
}

/** How far an upload is. */
export interface Received {
  readonly received: number;
  /** True when the file is complete and its handlers have it. */
  readonly done: boolean;
}

/** A file as the Worker serves it. */
export interface ServedFile extends FileData {
  /** The path of the page that it belongs to; '' when it belongs to the session. */
  readonly path: string;
  /** Its key in the bucket; absent when it is in the session's own rows, in pieces of `piece` bytes. */
  readonly bucket?: string;
  readonly piece: number;
}

/** The methods of a session for the Worker's requests about files. They cross RPC. */
export interface FilesApi {
  /** Returns what the next part of an upload must be. Called before each part. */
  nextPart(ticket: string): Promise<NextPart | Refusal>;
  /** Takes a part: its bytes, or what a bucket has stored. A part at another place than the next is not taken. */
  takePart(ticket: string, from: number, part: Uint8Array | StoredPart): Promise<Received | Refusal>;
  /** Ends an upload without a file. */
  refusePart(ticket: string, problem: string): Promise<void>;
  servedFile(id: string): Promise<ServedFile | undefined>;
  filePiece(id: string, n: number): Promise<Uint8Array | undefined>;
}

/** How the end of an upload went: its element has it, or is gone, or cannot be reached now. */
export type Delivery = 'done' | 'gone' | 'later';

/** The parts of a session that its files use. */
export interface FilesHost {
  readonly clock: Clock;
  readonly store: Store;
  /** Undefined where the application binds none. */
  bucket(): FileBucket | undefined;
  /** Commits soon. */
  commit(): void;
  /** Resolves when all present changes are durable. */
  durable(): Promise<void>;
  /** Sets when {@link Files.expire} is due; undefined for never. */
  due(at: number | undefined): void;
  /** Takes one request of the budget of the session; false when there is none left. */
  admit(): boolean;
  /** The path of a page; undefined when it is gone. */
  pathOf(page: string): string | undefined;
  /**
   * Has the element of an upload hear events, after it has built its page if need be.
   *
   * @param events returns the events, in the same turn, so that one commit has all of them.
   */
  hear(page: string, node: Key, events: () => readonly FileEvent[]): Promise<Delivery>;
  log(message: string, error: unknown): void;
}

/**
 * An event that the session itself sends to an element: a file came, all files of a choice came, a file was refused. Its name names
 * the runs that it starts, the same for the same event.
 */
export type FileEvent = readonly [event: 'uploaded' | 'uploads' | 'refused', name: string, value: Json];
