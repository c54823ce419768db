/** The operations on files. */
import { z } from 'zod';
import { fileListParameters, uploadParameters, type FileInfo, type FilePage } from '../files.controller.js';
import { sharedParameters } from '../shared-access.js';
import type { Operation } from './operation.js';
import { moment, name } from './shapes.js';

const fileShape: z.ZodType<FileInfo> = name(
  'File',
  z.object({
    id: z.string(),
    url: z.string().describe('Where the content is, and what the part of a message may name.'),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int().describe('Stored bytes.'),
    sha256: z.string().nullable().describe('In hexadecimal; null until the content is complete.'),
    sessionId: z.string(),
    complete: z.boolean().describe('False: an upload that may be continued until expiresAt.'),
    createdAt: moment,
    expiresAt: moment.optional(),
  }),
);

const filePageShape: z.ZodType<FilePage> = name(
  'FilePage',
  z.object({ files: z.array(fileShape), nextPageToken: z.string() }),
);

export const fileOperations: readonly Operation[] = [
  {
    id: 'listFiles',
    access: 'read',
    errors: ['SESSION_NOT_FOUND'],
    method: 'get',
    path: '/files',
    summary: 'Files, newest first; with `complete=false` uploads that are not finished',
    query: fileListParameters,
    answer: filePageShape,
  },
  {
    id: 'uploadFile',
    idempotent: true,
    access: 'write',
    statuses: [201],
    answerHeaders: ['Location', 'Upload-Offset', 'Upload-Complete', 'Upload-Limit', 'Upload-Length'],
    errors: ['SESSION_NOT_FOUND', 'UNSUPPORTED_OPERATION', 'QUOTA_EXCEEDED', 'UPLOAD_MISMATCH'],
    description:
      'With `Upload-Complete: ?0` it is the beginning of the content, and more follows with PATCH. A client that sends `Upload-Complete` is told where to continue while it still sends (104, Resumable Uploads for HTTP).',
    method: 'post',
    path: '/files',
    summary: 'Upload a file: the body is its content',
    query: uploadParameters,
    headers: ['Content-Disposition', 'Upload-Complete', 'Upload-Length'],
    content: '*/*',
    answer: fileShape,
  },
  {
    id: 'readFile',
    access: 'read',
    errors: ['FILE_NOT_FOUND'],
    method: 'get',
    path: '/files/{id}',
    summary: 'The content of a file',
    query: sharedParameters,
    file: true,
  },
  {
    id: 'getUploadProgress',
    access: 'read',
    statuses: [204],
    answerHeaders: ['Upload-Offset', 'Upload-Complete', 'Upload-Limit', 'Upload-Length'],
    errors: ['FILE_NOT_FOUND'],
    method: 'head',
    path: '/files/{id}',
    summary: 'How far an upload is; of a file the headers that its content comes with',
    query: sharedParameters,
    file: true,
  },
  {
    id: 'continueUpload',
    access: 'write',
    statuses: [200, 201],
    answerHeaders: ['Location', 'Upload-Offset', 'Upload-Complete', 'Upload-Limit', 'Upload-Length'],
    errors: ['FILE_NOT_FOUND', 'UPLOAD_MISMATCH', 'QUOTA_EXCEEDED'],
    description: '201 with the file when this was the last of it. A 409 says in `Upload-Offset` where to go on.',
    method: 'patch',
    path: '/files/{id}',
    summary: 'Add to an upload, behind what is stored of it',
    query: sharedParameters,
    headers: ['Upload-Offset', 'Upload-Complete (part)', 'Upload-Length'],
    content: 'application/partial-upload',
    answer: fileShape,
  },
  {
    id: 'deleteFile',
    access: 'write',
    errors: ['FILE_NOT_FOUND'],
    method: 'delete',
    path: '/files/{id}',
    summary: 'Delete a file, or give an upload up',
    description: "In somebody else's session (`owner`) an upload is given up; a file is deleted by its owner alone.",
    query: sharedParameters,
  },
];
