import type { ComponentChildren } from 'preact';
import type { Json, PropsOf } from '../../src/protocol/index.ts';
import { look, withListeners } from '../dom/index.ts';
import { Control } from './control.tsx';
import { labelling, message } from './labelling.tsx';

/** A box or a switch with a text beside it. */
export abstract class TickBox<K extends 'checkbox' | 'switch'> extends Control<K> {
  protected override textOf(value: Json): string {
    return String(value);
  }

  protected override valueOf(text: string): Json {
    return text === 'true';
  }

  protected override read(control: HTMLInputElement): string {
    return String(control.checked);
  }

  protected override write(control: HTMLInputElement, text: string): void {
    control.checked = text === 'true';
  }

  protected override untouched(control: HTMLInputElement): string {
    return String(control.defaultChecked);
  }

  protected box(base: 'checkbox' | 'toggle', role?: 'switch'): ComponentChildren {
    const { node, own } = this.props;
    const props = this.props.props as PropsOf<'switch'>;
    const { text, color, size } = props;
    return (
      <div {...own.outer('edgewise-tick')}>
        <label for={`e${node.id}`} class="edgewise-check">
          <input
            autocomplete="off"
            {...labelling(node, props)}
            {...withListeners(own.inner, { onchange: this.commit })}
            ref={this.control}
            type="checkbox"
            role={role}
            class={look(base, { ...(color && { color }), ...(size && { size }) })}
            defaultChecked={this.first as boolean}
          />
          <span>{text || null}</span>
        </label>
        {message(node, props)}
      </div>
    );
  }
}
