import type { ComponentChildren } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import { withListeners } from '../../dom/index.ts';
import { Field, labelling } from '../field.tsx';
import { finished, lastDate, MomentControl } from '../moment.tsx';
import { PairControl } from '../pair.tsx';
import type { ElementProps } from '../types.ts';

export function Date(props: ElementProps<'date'>): ComponentChildren {
  return props.props.range ? <DateRange {...props} /> : <SingleDate {...props} />;
}

class SingleDate extends MomentControl<'date'> {
  override render(): ComponentChildren {
    return this.moment('date');
  }
}

/** Two dates, of which the second one is not before the first one. */
class DateRange extends PairControl<'date'> {
  protected override valueOf(text: string): Json | undefined {
    const parts = JSON.parse(text) as (string | null)[];
    if (parts.includes(null)) return undefined;
    return parts.includes('') ? parts : parts.sort();
  }

  protected override partOf(input: HTMLInputElement): string | null {
    return finished(input) ? input.value : null;
  }

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, min, max, readonly } = props;
    const first = this.first as readonly [string, string];
    const name = label ?? 'Dates';
    return (
      <Field
        node={node}
        props={props}
        own={own}
        base="input"
        classes="edgewise-pair"
        onClear={() => this.enter(['', ''])}
      >
        <span
          role="group"
          aria-label={name}
          ref={this.control}
          {...withListeners(own.inner, { onchange: this.commit, onblur: this.commit })}
        >
          {[`${name}: from`, `${name}: to`].map((part, index) => (
            <input
              key={part}
              autocomplete="off"
              {...(index === 0 && labelling(node, props))}
              aria-label={part}
              type="date"
              min={min}
              max={max ?? lastDate}
              readOnly={readonly}
              disabled={node.props.disabled === true}
              defaultValue={first[index]}
            />
          ))}
        </span>
      </Field>
    );
  }
}
