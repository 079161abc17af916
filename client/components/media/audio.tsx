import { Player } from '../player.tsx';

export class Audio extends Player<'audio'> {
  protected readonly tag = 'audio';
}
