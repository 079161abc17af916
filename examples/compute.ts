import { compute } from 'edgewise/compute';
import * as csv from './csv/tasks.ts';
import * as globalWorker from './global_worker/tasks.ts';
import * as progress from './progress/tasks.ts';
import * as tasks from './tasks.ts';

export default compute({ ...tasks, ...progress, ...globalWorker, ...csv });
