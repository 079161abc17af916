import { Player } from '../player.tsx';

export class Video extends Player<'video'> {
  protected readonly tag = 'video';
}
