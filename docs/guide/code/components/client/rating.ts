import type { ComponentMount } from 'edgewise/client';
import type { Events, Methods, Props } from '../types.ts';

export const mount: ComponentMount<Props, Events, Methods> = (element, { props, send }) => {
  const buttons = Array.from({ length: props.count }, (_, index) => {
    const button = document.createElement('button');
    button.textContent = '☆';
    button.ariaLabel = `${index + 1} of ${props.count}`;
    button.onclick = () => {
      show(index + 1);
      send('chosen', index + 1);
    };
    return button;
  });
  element.append(...buttons);

  function show(stars: number) {
    for (const [index, button] of buttons.entries()) button.textContent = index < stars ? '★' : '☆';
  }

  return { methods: { clear: () => show(0) } };
};
