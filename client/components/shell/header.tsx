import { BarView } from './bar.tsx';

export class Header extends BarView<'header'> {
  protected override readonly tag = 'header';
}
