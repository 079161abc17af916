import { compute } from 'edgewise/compute';
import { lines, many, price, work } from './tasks.ts';

export default compute({ lines, many, price, work });
