/** The header of a request by which a client shows another page without loading a document. */
export const visitHeader = 'Edgewise-Visit';
/** The content type of the answer. Any other answer is loaded as a document. */
export const visitType = 'application/vnd.edgewise.page+json';

/** What a client says when it shows another page in the same document. */
export interface Visit {
  /** The page that the tab shows, or the one that the entry of its history had. */
  readonly page: string;
  /** True when the tab shows this page now. */
  readonly shown: boolean;
  /** Number of the last event that the tab has made in this page. */
  readonly event: number;
}

/** The answer for a page that the tab shows already: its parts follow by the socket. */
export interface Moved {
  readonly page: string;
  /** The run of patches that has the change. */
  readonly epoch: number;
  /** Number of the patch that has the change. */
  readonly frame: number;
  /** Path and query that the page shows now. */
  readonly path: string;
}

/** Returns the text of the header. */
export function formatVisit({ page, shown, event }: Visit): string {
  return `${page} ${shown ? 1 : 0} ${event}`;
}

/** Returns what a header says; undefined for another text. */
export function parseVisit(text: string): Visit | undefined {
  const [, page = '', shown, event] = /^([\w-]{22,32}) ([01]) (\d{1,15})$/.exec(text) ?? [];
  return page === '' ? undefined : { page, shown: shown === '1', event: Number(event) };
}
