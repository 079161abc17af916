import type { ComponentChildren } from 'preact';
import type { Option } from '../../../src/protocol/index.ts';
import { look, themeColor } from '../../dom/index.ts';
import { ChoiceGroup } from '../choice-group.tsx';

export class Rating extends ChoiceGroup<'rating'> {
  protected override get options(): readonly Option[] {
    return Array.from({ length: this.props.props.max }, (_, index) => ({
      value: index + 1,
      text: index === 0 ? '1 star' : `${index + 1} stars`,
    }));
  }

  override render(): ComponentChildren {
    const { color = 'warning', size, value } = this.props.props;
    const classes = look('rating', size ? { size } : {});
    return this.group(value === null ? `${classes} edgewise-unrated` : classes, true, ({ text }, radio) => (
      <input
        key={radio.value as string}
        {...radio}
        class={`mask mask-star-2 bg-${themeColor(color)}`}
        aria-label={text}
      />
    ));
  }
}
