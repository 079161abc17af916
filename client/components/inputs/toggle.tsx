import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import { ChoiceGroup } from '../choice-group.tsx';

export class Toggle extends ChoiceGroup<'toggle'> {
  protected override get options() {
    return this.props.props.options;
  }

  override render(): ComponentChildren {
    const { clearable = false, color, size, value } = this.props.props;
    // Without a colour of its own, the browser's state decides on the primary colour of the pressed button.
    const classes = (pressed: boolean) => look('btn', { ...(size && { size }), ...(color && pressed && { color }) });
    return this.group('edgewise-joined', clearable, ({ value: option, text }, radio) => (
      <input key={radio.value as string} {...radio} class={classes(option === value)} aria-label={text} />
    ));
  }
}
