import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import { ChoiceGroup } from '../choice-group.tsx';

export class Radio extends ChoiceGroup<'radio'> {
  protected override get options() {
    return this.props.props.options;
  }

  override render(): ComponentChildren {
    const { inline, color, size } = this.props.props;
    const classes = look('radio', { ...(color && { color }), ...(size && { size }) });
    return this.group(inline ? 'edgewise-options edgewise-inline' : 'edgewise-options', false, ({ text }, radio) => (
      <label key={radio.value as string} class="edgewise-check">
        <input {...radio} class={classes} />
        <span>{text}</span>
      </label>
    ));
  }
}
