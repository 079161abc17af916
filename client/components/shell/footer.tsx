import { BarView } from './bar.tsx';

export class Footer extends BarView<'footer'> {
  protected override readonly tag = 'footer';
}
