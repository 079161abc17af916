export interface Month {
  readonly name: string;
  readonly revenue: number;
  /** Part of the best month's revenue, from 0 to 1. */
  readonly share: number;
}

export interface Report {
  readonly revenue: number;
  readonly orders: number;
  readonly best: string;
  readonly months: readonly Month[];
}

const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ordersOfMonth = 400_000;

/** Adds up a year of made-up orders. Put your own data in place of `orderOf`. */
export function* report(region: string): Generator<number, Report> {
  const revenues: number[] = [];
  for (const month of names.keys()) {
    let revenue = 0;
    for (let order = 0; order < ordersOfMonth; order++) revenue += orderOf(region, month, order);
    revenues.push(revenue);
    yield (month + 1) / names.length;
  }
  const most = Math.max(...revenues);
  return {
    revenue: revenues.reduce((sum, revenue) => sum + revenue, 0),
    orders: ordersOfMonth * names.length,
    best: names[revenues.indexOf(most)] ?? '',
    months: revenues.map((revenue, month) => ({ name: names[month] ?? '', revenue, share: revenue / most })),
  };
}

function orderOf(region: string, month: number, order: number): number {
  return ((order * 31 + month * 17 + region.length * 7) % 90) + Math.round(10 * Math.sin(month / 2)) + 10;
}
