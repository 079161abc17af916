import { expects, type Person, type Surroundings } from './person.ts';

/** Invariant: every click and every text counts exactly once, in order, here and in the number of all sessions. */
export class Counter implements Person {
  readonly #world: Surroundings;
  #count = 0;
  readonly #items: { readonly text: string; hits: number }[] = [];

  constructor(world: Surroundings) {
    this.#world = world;
  }

  async act(): Promise<boolean> {
    const { tab, chance } = this.#world;
    const choice = chance();
    if (choice < 0.3) {
      const text = `item-${this.#items.length}`;
      await this.#type(text, chance() < 0.5);
      await tab.click('#add');
      this.#items.push({ text, hits: 0 });
      return true;
    }
    // Clicks only what is shown, because the newest item may not be there yet.
    const shown = choice < 0.5 ? await tab.count('#items button') : 0;
    if (shown > 0) {
      const index = Math.floor(chance() * shown);
      await tab.click('#items button', index);
      const item = this.#items[index];
      if (!item) throw new Error(`Item ${index} is shown and was never added.`);
      item.hits++;
    } else {
      await tab.click('#count');
      this.#count++;
    }
    return true;
  }

  /** Replaces the input's text, at once or key by key. */
  async #type(text: string, keys: boolean): Promise<void> {
    const { page } = this.#world.tab;
    const input = page.getByLabel('What next?');
    if (!keys) return input.fill(text);
    await input.focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
  }

  async faults(): Promise<readonly string[]> {
    const { tab } = this.#world;
    return [
      ...expects('The count', await tab.text('#counted'), String(this.#count)),
      ...expects('The number of all sessions', await tab.text('#total'), String(this.#count)),
      ...expects(
        'The list of items',
        await tab.texts('#items button'),
        this.#items.map(({ text, hits }) => `${text} ${hits}`),
      ),
      ...expects('The draft', await tab.page.getByLabel('What next?').inputValue(), ''),
    ];
  }
}
