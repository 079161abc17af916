import type { ComponentChildren } from 'preact';
import { withListeners } from '../../dom/index.ts';
import { ValueControl } from '../control.tsx';
import { labelling, message } from '../labelling.tsx';

export class ColorPicker extends ValueControl<'colorPicker'> {
  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label = 'Colour', size = 'md' } = props;
    return (
      <div {...own.outer('edgewise-picker')}>
        <input
          autocomplete="off"
          {...labelling(node, props)}
          aria-label={label}
          {...withListeners(own.inner, { oninput: this.move, onchange: this.commit })}
          ref={this.control}
          type="color"
          class={`edgewise-swatch edgewise-swatch-${size}`}
          defaultValue={this.first}
        />
        {message(node, props)}
      </div>
    );
  }
}
