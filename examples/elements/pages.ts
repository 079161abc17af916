import { notFound, type PageContext, ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './pages.ts?raw';

export const pages: Family = {
  title: 'Pages',
  line: 'Sub pages, addresses and ways between them: what a link, back and forward show.',
  source,
  entries: [
    { name: 'Sub pages', build: planets },
    { name: 'Query of the address', build: order },
    { name: 'Ways by code', build: ways },
    { name: 'Visit', build: visit },
  ],
};

function planets() {
  const seen = ui.state<readonly string[]>([]); // stays while sub pages change
  ui.row(() => {
    ui.link('Planets', '/elements/pages').classes('aria-[current]:font-semibold');
    ui.link('Questions', '/elements/pages/questions').classes('aria-[current]:font-semibold');
    ui.label(() => `Seen: ${seen.value.join(', ') || 'none'}`);
  }).classes('gap-4');
  ui.subPages({
    '/': () => {
      for (const name of ['Mars', 'Venus']) ui.link(name, `/elements/pages/planets/${name.toLowerCase()}`);
    },
    '/planets/:name{mars|venus}': (sub) => {
      const { name } = sub.params;
      sub.title = name;
      ui.heading(name, { level: 3 });
      ui.textarea(`What you saw on ${name}`); // is as it was on the way back
      ui.checkbox('I have seen it', {
        value: seen.value.includes(name),
        onChange: (now) => (seen.value = [...seen.value.filter((one) => one !== name), ...(now ? [name] : [])]),
      });
    },
    '/questions': () => {
      ui.link('How far?', '/elements/pages/questions/distance');
      ui.subPages({
        '/': () => ui.label('Choose a question.'),
        '/:topic': (sub) => {
          if (sub.params.topic !== 'distance') throw notFound(`Nobody has asked about ${sub.params.topic}.`);
          ui.label('Mars takes seven months, Venus four.');
        },
      });
    },
  });
}

function order(page: PageContext) {
  const goods = [
    { name: 'Apples', price: 3 },
    { name: 'Bread', price: 5 },
    { name: 'Cheese', price: 1 },
  ];
  ui.row(() => {
    ui.link('By name', '?order=name');
    ui.link('By price', '?order=price');
  }).classes('gap-4');
  ui.label(() => {
    const order = page.query.get('order') === 'price' ? 'price' : 'name';
    const sorted = goods.toSorted((one, other) => (one[order] < other[order] ? -1 : 1));
    return sorted.map(({ name, price }) => `${name} € ${price}`).join(', ');
  });
}

function ways() {
  ui.row(() => {
    ui.button('To Mars', () => ui.navigate.to('/elements/pages/planets/mars'));
    ui.button('Back', () => ui.navigate.back(), { variant: 'outline', icon: 'arrow_back' });
    ui.button('Forward', () => ui.navigate.forward(), { variant: 'outline', iconEnd: 'arrow_forward' });
  });
}

function visit(page: PageContext) {
  const visits = ui.state(0);
  page.onConnect(() => visits.value++);
  ui.label(() => `Visits of this page: ${visits.value}`);
  ui.label(() => `You speak ${page.locale}, in the time zone ${page.timeZone}.`);
}
