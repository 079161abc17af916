import { compute } from 'edgewise/compute';
import * as tasks from './tasks.ts';

export default compute(tasks);
