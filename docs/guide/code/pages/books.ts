import { App, notFound, redirect, ui } from 'edgewise';

const books = new Map([
  ['emma', { title: 'Emma', pages: 474 }],
  ['dune', { title: 'Dune', pages: 612 }],
]);

const app = new App({ title: 'Books' });

app.page('/', () => {
  for (const [id, { title }] of books) ui.link(title, `/books/${id}`);
});

app.page('/books/:id', async (page) => {
  if (page.params.id === 'first') throw redirect('/books/emma');
  const book = await load(page.params.id);
  if (!book) throw notFound(`There is no book ${page.params.id}.`); // with the status 404
  page.title = book.title;
  ui.heading(book.title, { level: 1 });
  ui.label(() => (page.query.get('unit') === 'hours' ? `${Math.round(book.pages / 40)} hours` : `${book.pages} pages`));
  ui.link('In hours', '?unit=hours');
});

// In your program: a database, or a service.
async function load(id: string) {
  return books.get(id);
}

export default app;
