import { type ReadonlySignal, Signal } from '../reactive/index.ts';
import { journal } from './journal.ts';

/**
 * A signal that says how something stands that a handler cannot write, such as a job. What a handler reads of it is noted: brought
 * back after a restart, the handler reads the same again, and so goes the way it went.
 */
class RecordedSignal<T> extends Signal<T> {
  readonly #name: string;
  readonly #source: ReadonlySignal<T>;

  constructor(name: string, source: ReadonlySignal<T>) {
    super();
    this.#name = name;
    this.#source = source;
  }

  override get value(): T {
    const read = () => this.#source.value;
    const running = journal.get();
    return running ? (running.recordRead(this.#name, read) as T) : read();
  }
}

/** @param name names the signal among all that a handler of the page can read. */
export function recorded<T>(name: string, source: ReadonlySignal<T>): ReadonlySignal<T> {
  return new RecordedSignal(name, source);
}
