import { expects, type Person, pick, type Surroundings } from './person.ts';

const kinds = ['confirm', 'prompt', 'choose', 'click', 'event', 'sleep'] as const;
const missed = /The page changed before your action arrived/;
/** Waits that are open at a time; each holds a question in front of the page, or a handler. */
const most = 12;

/** Invariant: every wait ends once, with the first answer that was given to it. A second one is refused with a notice. */
export class Waits implements Person {
  readonly allowed = missed;
  readonly #world: Surroundings;
  readonly #begun = { confirm: 0, prompt: 0, choose: 0, click: 0, event: 0, sleep: 0 };
  /** Answers to questions by their number. */
  readonly #answers = new Map<number, string>();
  /** Answers of the dialog, in order. */
  readonly #sizes: string[] = [];
  readonly #sent = new Set<string>();
  /** Number of answers to questions that had one. */
  #second = 0;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  get #total(): number {
    return Object.values(this.#begun).reduce((sum, count) => sum + count, 0);
  }

  async act(): Promise<boolean> {
    if (await this.#answer()) return true;
    const { tab, chance } = this.#world;
    if (this.#total - (await tab.count('[data-do=line]')) >= most) return false;
    const kind = pick(chance, kinds);
    if ((await tab.click(`#${kind}`)) === undefined) return false;
    this.#begun[kind]++;
    return true;
  }

  async rest(): Promise<void> {
    while (await this.#answer());
  }

  /** Answers something that waits. Returns false when there is nothing. */
  async #answer(): Promise<boolean> {
    const { tab, chance } = this.#world;
    const given = await tab.page.evaluate(answerQuestion, chance());
    if (given) {
      // A reload may show a question again whose answer is under way. The first answer counts.
      const [id, text] = given;
      if (this.#answers.has(id)) this.#second++;
      else this.#answers.set(id, text);
      return true;
    }
    const lines = await tab.texts('[data-do=line]');
    const done = (kind: string) => lines.filter((line) => line.split(' ')[1] === kind).length;
    if (this.#sizes.length === done('choose')) {
      const size = await tab.click('[data-do=size]', chance() < 0.5 ? 0 : 1);
      if (size !== undefined) {
        this.#sizes.push(size);
        return true;
      }
    }
    if (done('click') < this.#begun.click && chance() < 0.5 && (await tab.click('#go')) !== undefined) return true;
    return this.#send();
  }

  /** Sends an event that a handler waits for. */
  async #send(): Promise<boolean> {
    const { tab, url } = this.#world;
    const awaited = (await tab.text('#awaited')).split(',').filter((id) => id !== '' && !this.#sent.has(id));
    const [id] = awaited;
    if (id === undefined) return false;
    const session = await tab.text('#session');
    try {
      const response = await fetch(`${url}/send/${encodeURIComponent(session)}/event%20${id}/value-${id}`, {
        method: 'POST',
        headers: { origin: url },
        signal: AbortSignal.timeout(5_000),
      });
      // What failed is sent again, and may then arrive twice; a handler takes the first.
      if (response.ok) this.#sent.add(id);
      return response.ok;
    } catch {
      return false;
    }
  }

  async faults(): Promise<readonly string[]> {
    const { tab, ledger } = this.#world;
    const lines = await tab.texts('[data-do=line]');
    const sorted = [...lines].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    let chosen = 0;
    const wanted = sorted.map((line, id) => {
      const kind = line.split(' ')[1] ?? '';
      const answers: Record<string, unknown> = {
        confirm: this.#answers.get(id),
        prompt: this.#answers.get(id),
        choose: kind === 'choose' ? this.#sizes[chosen++] : '',
        click: undefined,
        event: `value-${id}`,
        sleep: undefined,
      };
      return `${id} ${kind} ${answers[kind]}`;
    });
    const counts = kinds.map((kind) => sorted.filter((line) => line.split(' ')[1] === kind).length);
    const refused = tab.notices.filter((text) => missed.test(text)).length;
    return [
      ...(refused > this.#second
        ? [`${refused} actions were refused, and ${this.#second} answers were second ones.`]
        : []),
      ...expects('The number of ended waits of each kind', counts, Object.values(this.#begun)),
      ...expects('The list of answers', sorted, wanted),
      ...expects('The book of answers', [...ledger.book('answers')].sort(), [...lines].sort()),
    ];
  }
}

/** Runs in the browser: answers the first open question. Returns its number and the answer. */
function answerQuestion(chance: number): [id: number, answer: string] | undefined {
  const question = [...document.querySelectorAll('dialog:modal')].find((each) => each.role === 'alertdialog');
  const id = /^Question (\d+):/.exec(question?.querySelector('p')?.textContent ?? '')?.[1];
  if (!question || id === undefined) return undefined;
  const input = question.querySelector('input');
  const yes = chance < 0.6;
  if (input && yes) {
    input.value = `name-${id}`;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  question.querySelector<HTMLButtonElement>(`button[value=${yes ? 'ok' : 'cancel'}]`)?.click();
  return [Number(id), input ? (yes ? `name-${id}` : 'null') : String(yes)];
}
