import type { ComponentChildren } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import { type ComponentMount, definitions } from '../definitions.ts';
import { LibraryView, type Mounted } from '../library.tsx';

type Definition = Awaited<ReturnType<typeof definitionOf>>;

/** A component of the author's. What the server has built inside is shown until the component is there. */
export class Component extends LibraryView<'component', Definition> {
  #there = false;

  protected override load(): Promise<Definition> {
    return definitionOf(this.props.props.name);
  }

  protected override mount({ mount }: Definition, box: HTMLDivElement): Mounted<'component'> {
    const { node, props, replica } = this.props;
    const shown = mount?.(box, {
      props: props.given,
      send: (event: string, value?: Json) =>
        replica.emit(node, 'said', value === undefined ? { event } : { event, value }),
    });
    this.#there = true;
    this.forceUpdate();
    return {
      update: ({ given }, before) => given !== before.given && shown?.update?.(given),
      end: () => shown?.unmount?.(),
      methods: (shown?.methods ?? {}) as Record<string, () => unknown>,
    };
  }

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    return (
      <div {...own.whole('edgewise-component')} role="group" aria-label={props.label}>
        {!this.#there && children}
        <div ref={this.box} />
        {this.state.problem && <p role="status">{this.state.problem}</p>}
      </div>
    );
  }
}

/** Returns the mount function of a component, or the sentence that says what is missing. */
async function definitionOf(
  name: string,
): Promise<{ readonly mount?: ComponentMount<unknown, Record<string, Json>, object>; readonly missing?: string }> {
  const definition = definitions.get(name);
  if (definition) return (await definition.load()) as never;
  const known = [...definitions.keys()].join(', ') || 'none';
  return {
    missing: `No client module defines the component ${name}. Write defineComponent('${name}', …) in client.ts. Defined are: ${known}.`,
  };
}
