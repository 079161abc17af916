import { Component } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import { modules } from '../exposed.ts';
import type { ElementProps } from '../types.ts';

/** Calls a function of the author's client module, or a method of a component, once, and sends its result. A page that is loaded again calls it again. */
export class Call extends Component<ElementProps<'call'>> {
  override componentDidMount(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { node, replica } = this.props;
    let answer: Json;
    try {
      const value = (await this.#call()) as Json | undefined;
      answer = { value: value === undefined ? null : value };
      JSON.stringify(answer);
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    replica.emit(node, 'answer', answer);
  }

  #call(): unknown {
    const { props, replica } = this.props;
    if (props.node === undefined) return exposed(props.name)(...props.args);
    const node = replica.get(props.node);
    if (!node) throw new Error('The element is not there any more.');
    return replica.call(node, props.name, props.args);
  }

  override render(): null {
    return null;
  }
}

/**
 * Returns an exposed function.
 *
 * @throws {Error} for a name that no client module has exposed.
 */
function exposed(path: string): (...args: readonly Json[]) => unknown {
  const [module = '', name = ''] = path.split('.');
  const functions = modules.get(module);
  const found = functions && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!found) {
    const known = [...modules].flatMap(([of, all]) => Object.keys(all).map((one) => `${of}.${one}`));
    throw new Error(
      `No client module exposes ${path}. Write expose('${module}', { ${name || 'name'} }) in client.ts. Exposed are: ${known.join(', ') || 'none'}.`,
    );
  }
  return found as (...args: readonly Json[]) => unknown;
}
