export { byteStream } from './byte-stream.ts';
export {
  type FileData,
  type FileReader,
  FileRef,
  fileAddress,
  fileKey,
  fileReader,
  filesPath,
  type OpenFile,
  packFiles,
  unpackFiles,
} from './file-ref.ts';
