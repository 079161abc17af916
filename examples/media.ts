import { compute } from 'edgewise/compute';
import * as stills from './ffmpeg_extract_images/tasks.ts';
import * as webcam from './opencv_webcam/tasks.ts';

export default compute({ ...stills, ...webcam });
