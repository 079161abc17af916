/** Permits to send a file in parts. */
interface Permit {
  readonly ticket?: string;
  readonly part?: number;
}

/** Milliseconds until a part is sent again: the first pause, and the longest. */
const pauses = { first: 500, most: 8_000 };
/** Attempts without progress after which a transfer ends: some two minutes. */
const most = 20;
/** Milliseconds without progress after which a request counts as lost. */
const silence = 60_000;

/** What the server answered; status 0 without an answer. */
interface Answer {
  readonly status: number;
  readonly received?: number;
  readonly done?: boolean;
  readonly problem?: string;
}

/**
 * Sends one file to the server, in parts, each as often as it takes. The server says what it has, so a transfer continues where a
 * lost connection or a restart of the server has cut it off.
 */
export class Transfer {
  readonly #file: File;
  readonly #permit: () => Permit | undefined;
  readonly #progressed: (sent: number) => void;
  #request: XMLHttpRequest | undefined;
  #cancelled = false;

  /** @param permit returns the present permit; another one comes when the server was killed just after it gave the first. */
  constructor(file: File, permit: () => Permit | undefined, progressed: (sent: number) => void) {
    this.#file = file;
    this.#permit = permit;
    this.#progressed = progressed;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#request?.abort();
  }

  /** Sends the file. @returns a sentence when that failed; undefined when it has arrived, or was cancelled. */
  async run(): Promise<string | undefined> {
    let from = 0;
    let failures = 0;
    while (!this.#cancelled) {
      const { ticket, part = 1 } = this.#permit() ?? {};
      if (ticket === undefined) return undefined;
      const answer = await this.#post(ticket, from, this.#file.slice(from, from + part));
      if (this.#cancelled || answer.done) break;
      const { status, received, problem } = answer;
      if (received !== undefined && received !== from) {
        from = received;
        failures = 0;
        this.#progressed(from);
        continue;
      }
      // Without a ticket, the server may have been killed before it was stored. Then another one comes.
      const again = status === 0 || status === 200 || status === 410 || status === 429 || status >= 500;
      if (!again) return problem ?? `${this.#file.name} could not be uploaded.`;
      if (++failures > (status === 410 ? 5 : most)) {
        return problem ?? `${this.#file.name} was not uploaded: the server could not be reached.`;
      }
      this.#progressed(from);
      const pause = Math.min(pauses.most, pauses.first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return undefined;
  }

  #post(ticket: string, from: number, part: Blob): Promise<Answer> {
    return new Promise((resolve) => {
      // Unlike `fetch`, it reports the progress of what it sends.
      const request = new XMLHttpRequest();
      this.#request = request;
      let timer: ReturnType<typeof setTimeout>;
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), silence);
      };
      request.open('POST', `/_edgewise/upload/${ticket}`);
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.setRequestHeader('Upload-Offset', String(from));
      request.upload.onprogress = ({ loaded }) => {
        wait();
        this.#progressed(from + Math.min(loaded, part.size));
      };
      request.onloadend = () => {
        clearTimeout(timer);
        resolve({ ...answerIn(request), status: request.status });
      };
      wait();
      request.send(part);
    });
  }
}

function answerIn(request: XMLHttpRequest): Omit<Answer, 'status'> {
  try {
    return JSON.parse(request.responseText) as Answer;
  } catch {
    return {};
  }
}
