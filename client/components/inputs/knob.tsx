import type { ComponentChildren } from 'preact';
import { themeColor, withListeners } from '../../dom/index.ts';
import { ValueControl } from '../control.tsx';
import { labelling, message } from '../labelling.tsx';

/** A ring that is filled up to the value, under a slider that is not visible itself. */
export class Knob extends ValueControl<'knob'> {
  protected override valueOf(text: string): number {
    return Number(text);
  }

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, min, max, step, color = 'primary', size = 'md', shown, value } = props;
    const share = Math.min(1, Math.max(0, (value - min) / (max - min)));
    return (
      <div {...own.outer('edgewise-knob')}>
        <div class={`edgewise-dial edgewise-dial-${size} text-${themeColor(color)}`}>
          <svg viewBox="0 0 36 36" aria-hidden="true">
            <circle class="edgewise-dial-ring" cx="18" cy="18" r="15" pathLength="1" />
            <circle cx="18" cy="18" r="15" pathLength="1" stroke-dasharray={`${share} 2`} />
          </svg>
          {shown && <span aria-hidden="true">{value}</span>}
          <input
            autocomplete="off"
            {...labelling(node, props)}
            aria-label={label ?? 'Value'}
            {...withListeners(own.inner, { oninput: this.move, onchange: this.commit })}
            ref={this.control}
            type="range"
            min={min}
            max={max}
            step={step}
            defaultValue={String(this.first)}
          />
        </div>
        {label && (
          <span aria-hidden="true" class="edgewise-caption">
            {label}
          </span>
        )}
        {message(node, props)}
      </div>
    );
  }
}
