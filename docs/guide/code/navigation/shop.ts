import { App, notFound, redirect, ui } from 'edgewise';

const goods = new Map([
  ['1', 'Apples'],
  ['2', 'Pears'],
]);

export const app = new App().page('/shop/*', (page) => {
  page.title = 'Shop';
  const basket = ui.state<readonly string[]>([]); // stays while sub pages change
  ui.header(() => {
    ui.link('All goods', '/shop');
    ui.label(() => `${basket.value.length} in the basket`);
  });
  ui.subPages({
    '/': () => {
      for (const [id, name] of goods) ui.link(name, `/shop/goods/${id}`, { key: id });
    },
    '/goods/:id{[0-9]+}': (sub) => {
      const name = goods.get(sub.params.id);
      if (!name) throw notFound(`There are no goods ${sub.params.id}.`);
      sub.title = name;
      ui.heading(name);
      ui.input('A note for us'); // is as it was on the way back
      ui.button('Buy', () => {
        basket.value = [...basket.value, name];
      });
    },
    '/help': () => {
      ui.link('Orders', '/shop/help/orders');
      ui.subPages({
        '/': () => ui.label('What is it about?'),
        '/:topic': (sub) => ui.label(`About ${sub.params.topic}`),
      });
    },
    '/offers': () => {
      throw redirect('/shop/goods/2');
    },
  });
});
