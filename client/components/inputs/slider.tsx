import type { ComponentChildren } from 'preact';
import { look, withListeners } from '../../dom/index.ts';
import { ValueControl } from '../control.tsx';
import { labelling, message } from '../labelling.tsx';

export class Slider extends ValueControl<'slider'> {
  protected override valueOf(text: string): number {
    return Number(text);
  }

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, min, max, step, color, size, shown, value } = props;
    const id = `e${node.id}`;
    return (
      <div {...own.outer('edgewise-field')}>
        {label && (
          <label for={id} class="edgewise-caption">
            {label}
          </label>
        )}
        <div class="edgewise-slider">
          <input
            autocomplete="off"
            aria-label={label ? undefined : 'Value'}
            {...labelling(node, props)}
            {...withListeners(own.inner, { oninput: this.move, onchange: this.commit })}
            ref={this.control}
            type="range"
            class={look('range', { ...(color && { color }), ...(size && { size }) })}
            min={min}
            max={max}
            step={step}
            defaultValue={String(this.first)}
          />
          {shown && <output for={id}>{value}</output>}
        </div>
        {message(node, props)}
      </div>
    );
  }
}
