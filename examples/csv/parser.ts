/** A table is in memory while it is read and searched, beside those of other visitors. */
const most = { rows: 200_000, cells: 1_000_000 };

/** Reads the text of a CSV file piece by piece (RFC 4180). The separator is a comma, a semicolon or a tab. */
export class Parser {
  /** The rows so far, the header first. */
  readonly rows: string[][] = [];
  #separator = 0;
  #row: string[] = [];
  #cells = 0;
  #cell = '';
  /** `open` between two quotes, `closed` just behind the second one, which may be the first half of a quote in the text. */
  #quotes: 'none' | 'open' | 'closed' = 'none';
  #line = 1;
  #quotedAt = 0;

  /** Reads a piece. @throws {Error} for a row that does not fit the header, and for a table that is too large. */
  push(text: string): void {
    this.#separator ||= separatorOf(text);
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === lineFeed) this.#line++;
      if (this.#quotes === 'open' ? code !== quote : code !== quote && code !== this.#separator && code !== lineFeed)
        continue;
      this.#cell += text.slice(start, at);
      start = at + 1;
      if (code === quote) this.#quote();
      else {
        this.#endCell(code === lineFeed);
        if (code === lineFeed) this.#endRow(this.#line - 1);
      }
    }
    this.#cell += text.slice(start);
  }

  /** Reads the end of the file. @throws {Error} for a quote without an end. */
  end(): void {
    if (this.#quotes === 'open') throw new Error(`The quote that begins in line ${this.#quotedAt} has no end.`);
    if (this.#cell === '' && this.#row.length === 0) return;
    this.#endCell(true);
    this.#endRow(this.#line);
  }

  #quote(): void {
    if (this.#quotes === 'open') this.#quotes = 'closed';
    else if (this.#quotes === 'none' && this.#cell !== '') this.#cell += '"';
    else {
      if (this.#quotes === 'closed') this.#cell += '"';
      else this.#quotedAt = this.#line;
      this.#quotes = 'open';
    }
  }

  #endCell(last: boolean): void {
    if (++this.#cells > most.cells) throw tooLarge('cells', most.cells);
    this.#row.push(last && this.#cell.endsWith('\r') ? this.#cell.slice(0, -1) : this.#cell);
    this.#cell = '';
    this.#quotes = 'none';
  }

  #endRow(line: number): void {
    const row = this.#row;
    this.#row = [];
    if (row.length === 1 && row[0] === '') return; // an empty line
    const columns = this.rows[0]?.length ?? row.length;
    if (row.length !== columns)
      throw new Error(`The number of cells in line ${line} is ${row.length}, and in the header ${columns}.`);
    if (this.rows.length > most.rows) throw tooLarge('rows', most.rows);
    this.rows.push(row);
  }
}

const quote = 0x22;
const lineFeed = 0x0a;

function tooLarge(what: string, count: number): Error {
  return new Error(`The table has more than ${count.toLocaleString('en')} ${what}. Choose a smaller part of it.`);
}

/** Returns the separator that the first line has most of. */
function separatorOf(text: string): number {
  const [header = ''] = text.split('\n', 1);
  const counts = [',', ';', '\t'].map((one) => ({ one, count: header.split(one).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).one.charCodeAt(0);
}

/** Returns a row as a line of a CSV file. */
export function lineOf(row: readonly string[]): string {
  return `${row.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
