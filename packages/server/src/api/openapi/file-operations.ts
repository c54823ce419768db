/** The operations on files. */
import { z } from 'zod';
import { fileListParameters, uploadParameters, type FileInfo, type FilePage } from '../files.controller.js';
import { sharedParameters } from '../shared-access.js';
import type { Operation } from './operation.js';
import { name } from './shapes.js';

const fileShape: z.ZodType<FileInfo> = name(
  'File',
  z.object({
    id: z.string(),
    url: z.string().describe('Where the content is, and what the part of a message may name.'),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.number().describe('Stored bytes.'),
    sha256: z.string().nullable().describe('In hexadecimal; null until the content is complete.'),
    sessionId: z.string(),
    complete: z.boolean().describe('False: an upload that may be continued until expiresAt.'),
    createdAt: z.string(),
    expiresAt: z.string().optional(),
  }),
);

const filePageShape: z.ZodType<FilePage> = name(
  'FilePage',
  z.object({ files: z.array(fileShape), nextPageToken: z.string() }),
);

export const fileOperations: readonly Operation[] = [
  {
    id: 'listFiles',
    method: 'get',
    path: '/files',
    summary: 'Files, newest first; with `complete=false` uploads that are not finished',
    query: fileListParameters,
    answer: filePageShape,
  },
  {
    id: 'uploadFile',
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
    method: 'get',
    path: '/files/{id}',
    summary: 'The content of a file; HEAD tells how far an upload is',
    query: sharedParameters,
    file: true,
  },
  {
    id: 'continueUpload',
    method: 'patch',
    path: '/files/{id}',
    summary: 'Add to an upload, behind what is stored of it',
    query: sharedParameters,
    headers: ['Upload-Offset', 'Upload-Complete'],
    content: 'application/partial-upload',
    answer: fileShape,
  },
  {
    id: 'deleteFile',
    method: 'delete',
    path: '/files/{id}',
    summary: 'Delete a file, or give an upload up',
    query: sharedParameters,
  },
];
