import { signal, untracked } from '../../reactive/index.ts';
import type { WhileRunning } from '../../tree/index.ts';
import { type Control, controlsIn, ownControls } from '../control.ts';
import { Element, type ElementOptions, type Handler, own } from '../element.ts';

/** Options of `ui.form`. */
export interface FormOptions extends ElementOptions {
  /** Called when the user submits the form and all rules hold. @default none */
  readonly onSubmit?: Handler<Form>;
  /** Policy for a second submission while the handler runs. @default 'ignore' */
  readonly whileRunning?: WhileRunning;
}

/** Fields that belong together. */
export class Form extends Element {
  /** Changes with each value and message within the form, for those who read `valid`. */
  readonly #changes = signal(0);
  /** What `valid` returned last. */
  #valid: boolean | undefined;
  readonly #submit: Handler<this>[] = [];

  constructor(build?: (form: Form) => void, options: FormOptions = {}) {
    const { onSubmit, whileRunning } = options;
    super('form', own<'form'>({}), options);
    if (!this.tree.isDryRun) {
      const changed = () => void this.#changes.value++;
      ownControls(this.node, { controlChanged: (valid) => valid === this.#valid || untracked(changed) });
    }
    if (onSubmit) this.onSubmit(onSubmit as Handler<this>, whileRunning);
    if (build) this.add(() => build(this));
  }

  /**
   * True when the rules of all fields in the form hold. A function that reads it follows it.
   *
   * @example
   * ui.button('Save', save).enable(() => form.valid);
   */
  get valid(): boolean {
    void this.#changes.value;
    this.#valid = this.#controls().every((control) => control.valid);
    return this.#valid;
  }

  /**
   * Checks all fields in the form and shows what is wrong with each.
   *
   * @returns true when all rules hold; a promise when a rule returned one.
   */
  validate(): boolean | Promise<boolean> {
    const results = this.#controls().map((control) => control.validate());
    if (results.some((result) => result instanceof Promise)) {
      return Promise.all(results).then((all) => all.every(Boolean));
    }
    return results.every(Boolean);
  }

  /**
   * Does what a submission by the user does: checks all fields, then calls the handlers when all rules hold. Otherwise the first wrong
   * field gets the focus.
   *
   * @returns true when the handlers were called.
   */
  async submit(): Promise<boolean> {
    const valid = await this.validate();
    if (!valid) this.#focusWrong();
    else for (const handler of this.#submit) await handler({ type: 'submit', value: undefined, sender: this });
    return valid;
  }

  /** Sets the first value of each field again and removes all messages. */
  reset(): void {
    for (const control of this.#controls()) control.reset();
  }

  /** Calls the handler when the user submits the form and all rules hold. */
  onSubmit(handler: Handler<this>, whileRunning: WhileRunning = 'ignore'): this {
    this.#submit.push(handler);
    const submitted: Handler<this> = (event) => {
      const valid = this.validate();
      if (valid instanceof Promise) return valid.then((holds) => (holds ? handler(event) : this.#focusWrong()));
      return valid ? handler(event) : this.#focusWrong();
    };
    this.listen('submit', submitted, whileRunning, handler);
    return this;
  }

  #controls(): Control<never>[] {
    return controlsIn(this.node);
  }

  #focusWrong(): void {
    this.#controls()
      .find((control) => control.error !== undefined)
      ?.focus();
  }
}

/**
 * Makes a form of the fields that `build` makes. It is submitted by Enter in a field and by a button with `submit`. A native form.
 *
 * @example
 * ui.form(
 *   (form) => {
 *     ui.input('Name', { value: name, rules: [(text) => text !== '' || 'Please enter your name'] });
 *     ui.button('Save', undefined, { submit: true }).enable(() => form.valid);
 *   },
 *   { onSubmit: () => save(name.value) },
 * );
 */
export function form(build?: (form: Form) => void, options?: FormOptions): Form {
  return new Form(build, options);
}
