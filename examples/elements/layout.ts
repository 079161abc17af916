import { ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './layout.ts?raw';

export const layout: Family = {
  title: 'Layout',
  line: 'Grids, cards, lists, tabs and what opens and closes: where things stand.',
  source,
  entries: [
    { name: 'Grid', build: products },
    { name: 'Card', build: offer },
    { name: 'Expansion', build: answers },
    { name: 'List', build: contacts },
    { name: 'Tabs', build: pages },
    { name: 'Space', build: toolbar },
    { name: 'Scroll area', build: chapters },
    { name: 'Splitter', build: mailbox },
    { name: 'Stepper', build: checkout },
    { name: 'Carousel', build: places },
    { name: 'Places to jump to', build: sections },
  ],
};

function products() {
  ui.grid(
    () => {
      for (const name of ['Apples', 'Bread', 'Cheese', 'Dates']) ui.card(() => ui.label(name));
    },
    { columns: { base: 1, sm: 2, xl: 4 } },
  );
}

function offer() {
  const likes = ui.state(0);
  ui.card(
    () => {
      ui.cardSection(() => {
        ui.heading('A week in the hills', { level: 3 });
        ui.label('Seven days, two people, one cabin.');
      });
      ui.separator();
      ui.cardActions(() => {
        ui.button(
          () => `Like (${likes.value})`,
          () => likes.value++,
          { icon: 'favorite' },
        );
        ui.button('Share', () => ui.notify('Shared'), { variant: 'ghost' });
      });
    },
    { tight: true },
  ).classes('w-80');
}

function answers() {
  ui.column(() => {
    ui.expansion('Delivery', () => ui.label('Within two days'), {
      icon: 'shopping_cart',
      group: 'help',
      caption: 'How long it takes',
    });
    ui.expansion('Returns', () => ui.label('Within a month'), { icon: 'undo', group: 'help' });
  }).classes('w-full gap-2');
}

function contacts() {
  ui.itemList(
    () => {
      for (const [name, mail] of [
        ['Alice', 'alice@example.com'],
        ['Bob', 'bob@example.com'],
      ] as const) {
        ui.item(
          () => {
            ui.itemSection(() => ui.icon('person'), { side: 'start' });
            ui.itemSection(() => {
              ui.itemLabel(name);
              ui.itemLabel(mail, { caption: true });
            });
            ui.itemSection(() => ui.icon('chevron_right'), { side: 'end' });
          },
          () => ui.notify(`You chose ${name}`),
          { key: name },
        );
      }
    },
    { bordered: true, separator: true },
  );
}

function pages() {
  ui.tabs(
    [
      { text: 'Home', icon: 'home', build: () => ui.label('Welcome back') },
      { text: 'Mails', icon: 'mail', build: () => ui.label('3 new mails') },
    ],
    { vertical: true },
  );
}

function toolbar() {
  ui.row(() => {
    ui.label('Orders');
    ui.space();
    ui.button('New order', () => ui.notify('New'));
  }).classes('w-full');
}

function chapters() {
  const read = ui.state(0);
  const area = ui.scrollArea(
    () => {
      for (let chapter = 1; chapter <= 20; chapter++) ui.label(`Chapter ${chapter}`, { key: chapter });
    },
    { label: 'Chapters', onScroll: ({ verticalPercentage }) => (read.value = Math.round(verticalPercentage * 100)) },
  );
  ui.row(() => {
    ui.button('To the end', () => area.scrollTo({ percent: 1 }));
    ui.label(() => `${read.value} % read`);
  });
}

function mailbox() {
  const size = ui.state(40);
  ui.splitter(
    () => ui.label('Inbox'),
    () => ui.label('The mail that you chose'),
    { value: size, limits: [20, 80] },
  );
  ui.label(() => `The inbox takes ${Math.round(size.value)} %`);
}

function checkout() {
  const street = ui.state('');
  const stepper = ui.stepper({
    Address: () => {
      ui.input('Street', { value: street });
      ui.button('Next', () => stepper.next());
    },
    Payment: () => {
      ui.label(() => `It goes to ${street.value || 'nowhere yet'}.`);
      ui.row(() => {
        ui.button('Pay', () => stepper.next());
        ui.button('Back', () => stepper.previous(), { variant: 'ghost' });
      });
    },
    Done: () => ui.label('Thank you'),
  });
}

function places() {
  ui.carousel([place('The lake', 'bg-info'), place('The forest', 'bg-success'), place('The desert', 'bg-warning')]);
}

function place(name: string, color: string) {
  return () => {
    ui.label(name).classes(`${color} w-full p-12 text-center text-xl text-black`);
  };
}

function sections() {
  ui.link('To the prices', '#prices');
  ui.link('To the first entry', '#edgewise-main');
  ui.linkTarget('prices', () => {
    ui.heading('Prices', { level: 3 });
    ui.label('All is free.');
  });
  ui.pageScroller(undefined, { offset: 600 });
}
