import type { ComponentChildren } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import { look, withListeners } from '../../dom/index.ts';
import { message } from '../labelling.tsx';
import { inputs, PairControl } from '../pair.tsx';

/** Two sliders on one line, of which the lower one ends at the upper one. */
export class Range extends PairControl<'range'> {
  protected override valueOf(text: string): Json {
    return (JSON.parse(text) as number[]).sort((a, b) => a - b);
  }

  protected override partOf(input: HTMLInputElement): number {
    return Number(input.value);
  }

  #moved = (event: Event): void => {
    const [lower, upper] = this.control.current ? inputs(this.control.current) : [];
    if (lower && upper && Number(lower.value) > Number(upper.value)) {
      if (event.target === lower) lower.value = upper.value;
      else upper.value = lower.value;
    }
    this.move();
  };

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, min, max, step, color, shown, value } = props;
    const first = this.first as readonly [number, number];
    const name = label ?? 'Range';
    return (
      <div
        role="group"
        aria-label={name}
        {...withListeners(own.inner, { oninput: this.#moved, onchange: this.commit })}
        {...own.outer('edgewise-field')}
      >
        {label && (
          <span aria-hidden="true" class="edgewise-caption">
            {label}
          </span>
        )}
        <div class="edgewise-slider">
          <span class="edgewise-range" ref={this.control}>
            {[`${name} from`, `${name} to`].map((part, index) => (
              <input
                key={part}
                id={index === 0 ? `e${node.id}` : undefined}
                autocomplete="off"
                type="range"
                aria-label={part}
                class={look('range', color ? { color } : {})}
                disabled={node.props.disabled === true}
                min={min}
                max={max}
                step={step}
                defaultValue={String(first[index])}
              />
            ))}
          </span>
          {shown && <output>{`${value[0]} – ${value[1]}`}</output>}
        </div>
        {message(node, props)}
      </div>
    );
  }
}
