// A component in the browser's own language: a field in which one signs.
import type { ComponentMount } from 'edgewise/client';
import type { Events, Methods, Props } from '../signature-types.ts';

export const mount: ComponentMount<Props, Events, Methods> = (element, { props, send }) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 120 });
  canvas.className = 'rounded-box max-w-full bg-base-200';
  canvas.style.touchAction = 'none';
  element.append(canvas);
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  Object.assign(pen, { lineWidth: 2, strokeStyle: props.color });
  let strokes = 0;
  canvas.onpointerdown = ({ offsetX, offsetY, pointerId }) => {
    canvas.setPointerCapture(pointerId);
    pen.beginPath();
    pen.moveTo(offsetX, offsetY);
    canvas.onpointermove = (event) => {
      pen.lineTo(event.offsetX, event.offsetY);
      pen.stroke();
    };
  };
  canvas.onpointerup = () => {
    canvas.onpointermove = null;
    send('signed', { strokes: ++strokes });
  };
  return {
    update: ({ color }) => {
      pen.strokeStyle = color;
    },
    methods: {
      clear: () => {
        pen.clearRect(0, 0, canvas.width, canvas.height);
        strokes = 0;
      },
      picture: () => canvas.toDataURL(),
    },
    unmount: () => canvas.remove(),
  };
};
