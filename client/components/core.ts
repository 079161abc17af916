import { Button } from './button.tsx';
import { Card } from './card.tsx';
import { Column } from './column.tsx';
import { FragmentGroup } from './fragment.tsx';
import { Image } from './image.tsx';
import { Input } from './input.tsx';
import { Label } from './label.tsx';
import { Link } from './link.tsx';
import { Progress } from './progress.tsx';
import { Root } from './root.tsx';
import { Row } from './row.tsx';
import type { Table } from './shown.ts';
import { Spinner } from './spinner.tsx';
import { Timer } from './timer.tsx';

/** Components that come with the page's first script. */
export const core = {
  root: Root,
  fragment: FragmentGroup,
  label: Label,
  button: Button,
  input: Input,
  link: Link,
  image: Image,
  row: Row,
  column: Column,
  card: Card,
  progress: Progress,
  spinner: Spinner,
  timer: Timer,
} satisfies Partial<Table>;
