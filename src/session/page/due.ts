import { DueRows } from '../../storage/index.ts';

/** The parts of a page that its due rows know. */
export interface PageDueHost {
  readonly id: string;
  readonly record: { readonly ended: boolean; changed(): void };
}

/** When the session's one alarm has to look at a page, by what for: these rows wake a page whose object slept or died. */
export class PageDue extends DueRows {
  readonly #page: PageDueHost;

  constructor(page: PageDueHost) {
    super(page.id);
    this.#page = page;
  }

  override set(key: string, at: number | undefined): void {
    const { record } = this.#page;
    if (record.ended) return;
    super.set(key, at);
    record.changed();
  }
}
