import type { FileBucket } from '../files/index.ts';

/** R2 as a bucket of files. */
export function r2Bucket(bucket: R2Bucket): FileBucket {
  return {
    async begin(key, type) {
      const upload = await bucket.createMultipartUpload(key, { httpMetadata: { contentType: type } });
      return upload.uploadId;
    },
    async write(key, upload, n, bytes) {
      const part = await bucket.resumeMultipartUpload(key, upload).uploadPart(n, bytes);
      return part.etag;
    },
    async end(key, upload, parts) {
      const named = parts.map(({ n, etag }) => ({ partNumber: n, etag }));
      await bucket.resumeMultipartUpload(key, upload).complete(named);
    },
    async abandon(key, upload) {
      // It may have ended already, and R2 says nothing that would tell this from another failure.
      await bucket
        .resumeMultipartUpload(key, upload)
        .abort()
        .catch(() => {});
    },
    has: async (key) => (await bucket.head(key)) !== null,
    read: async (key) => (await bucket.get(key))?.body,
    remove: (key) => bucket.delete(key),
  };
}
