import { ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './libraries.ts?raw';

export const libraries: Family = {
  title: 'Libraries',
  line: 'Charts, code, terminals and maps by libraries, which a page loads when it shows one.',
  source,
  packages: [
    'echarts',
    'plotly.js-basic-dist-min',
    'uplot',
    'codemirror',
    '@codemirror/language-data',
    '@codemirror/state',
    '@codemirror/theme-one-dark',
    '@xterm/xterm',
    '@xterm/addon-fit',
    'leaflet',
  ],
  entries: [
    { name: 'ECharts', build: visits },
    { name: 'Plotly', build: orders },
    { name: 'Live lines', build: load },
    { name: 'Code editor', build: program },
    { name: 'Terminal', build: echo },
    { name: 'Map', build: offices },
  ],
};

function visits() {
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const web = ui.state([820, 932, 901, 934, 1290, 1330, 1320]);
  const chosen = ui.label('Click a bar.');
  ui.echart(
    () => ({
      tooltip: { trigger: 'axis' },
      legend: { top: 0 },
      grid: { left: 48, right: 16, top: 40, bottom: 32 },
      xAxis: { type: 'category', data: days },
      yAxis: { type: 'value' },
      series: [
        { name: 'Web', type: 'bar', data: web.value },
        { name: 'Shop', type: 'line', smooth: true, data: [220, 182, 191, 234, 290, 330, 310] },
      ],
    }),
    {
      label: 'Visits by day',
      onPointClick: ({ name, index }) => {
        chosen.text = `${name}: ${web.value[index]}`;
      },
    },
  );
  ui.button('Other numbers', () => {
    web.value = web.value.map((count) => Math.round(count * (0.6 + Math.random() * 0.8)));
  });
}

function orders() {
  const chosen = ui.label('Click a point.');
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'];
  const values = ui.state([20, 14, 23, 25, 22, 31]);
  ui.plotly(
    () => ({
      data: [
        { type: 'bar', name: 'Orders', x: months, y: values.value },
        {
          type: 'scatter',
          mode: 'lines+markers',
          name: 'Goal',
          x: months,
          y: months.map((_, index) => 15 + 3 * index),
        },
      ],
      layout: { legend: { orientation: 'h' }, yaxis: { title: { text: 'Number' } } },
    }),
    {
      label: 'Orders by month',
      onPointClick: ({ x, y }) => {
        chosen.text = `${x}: ${y}`;
      },
    },
  );
  ui.button('Next', () => {
    values.value = values.value.map(() => Math.round(10 + ui.random() * 25));
  });
}

function load() {
  const plot = ui.linePlot(['Requests', 'Errors'], { limit: 60, label: 'Requests and errors' });
  const second = ui.state(0);
  const clock = ui.timer('1s', () => {
    second.value++;
    plot.push(second.value, 50 + 30 * Math.sin(second.value / 6) + 10 * Math.random(), 5 + 5 * Math.random());
  });
  const running = ui.switch('Running', { value: true }).onChange(() => {
    clock.active = running.value;
  });
}

function program() {
  const code = ui.state(
    'def greet(name):\n    """Say hello."""\n    return f"Hello, {name}!"\n\nprint(greet("world"))\n',
  );
  ui.codemirror(code, { language: 'python', label: 'Program' });
  ui.label(() => `Lines: ${code.value.split('\n').length}, characters: ${code.value.length}`);
}

function echo() {
  const terminal = ui.xterm({
    label: 'A terminal that echoes',
    onData: ({ value }) => {
      terminal.write(value === '\r' ? '\r\n\u001b[32m$\u001b[0m ' : value === '\u007f' ? '\b \b' : value);
    },
  });
  ui.button('Greet', () => {
    terminal.writeln('\u001b[1;36mHello\u001b[0m from the server.');
  });
}

function offices() {
  const places = [
    { id: 'london', type: 'marker', at: [51.505, -0.09], title: 'London', popup: 'London: 120 people' },
    { id: 'paris', type: 'marker', at: [48.857, 2.352], title: 'Paris', popup: 'Paris: 80 people', color: 'secondary' },
    {
      id: 'line',
      type: 'line',
      at: [
        [51.505, -0.09],
        [48.857, 2.352],
      ],
      color: 'accent',
    },
    { id: 'area', type: 'circle', at: [50.1, 1.2], radius: 60_000, color: 'success' },
  ] as const;
  const map = ui.leaflet({
    label: 'Offices',
    center: [50.2, 1.1],
    zoom: 7,
    shapes: places,
    onShapeClick: ({ id }) => ui.notify(`You chose ${id}.`),
  });
  ui.button('Show all', () => map.fitShapes());
}
