/** What sessions may hold that has made providers refuse all that came after: each item is put into a session by one function. */
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { resultNames, type Act } from './strict-agents.js';
import type { Reply } from './model-reply.js';

/** How an item comes into a session. */
export interface Talk {
  /** A message to the agent with the model; the state in which its task settles. */
  say(parts: readonly Part[] | string, ...replies: readonly Reply[]): Promise<string>;
  /** A message to the agent without one. */
  act(act: Act, parts?: readonly Part[]): Promise<string>;
  /** A message to the model's agent that is cancelled as soon as the model has said or wanted this. */
  cancel(reply: Reply): Promise<void>;
  /** Goes on in a copy of the session. */
  fork(): Promise<void>;
}

export interface OddItem {
  readonly name: string;
  readonly put: (talk: Talk) => Promise<unknown>;
}

const base64 = (content: string | Buffer): string => Buffer.from(content).toString('base64');
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const pdf = '%PDF-1.4\n%%EOF\n';

/** Files by name: content and what they are called. */
const files: Readonly<Record<string, Part>> = {
  'a PDF': { raw: base64(pdf), mediaType: 'application/pdf', filename: 'a.pdf' },
  'an empty PDF': { raw: '', mediaType: 'application/pdf', filename: 'a.pdf' },
  'a broken PDF': { raw: base64('no PDF'), mediaType: 'application/pdf', filename: 'a.pdf' },
  'a picture': { raw: base64(png), mediaType: 'image/png', filename: 'a.png' },
  'a picture by another name': { raw: base64(png), mediaType: 'image/jpg', filename: 'a.jpg' },
  'a broken picture': { raw: base64('no picture'), mediaType: 'image/png' },
  'a TIFF': { raw: base64('II*\0'), mediaType: 'image/tiff', filename: 'a.tif' },
  'an SVG': { raw: base64('<svg/>'), mediaType: 'image/svg+xml', filename: 'a.svg' },
  'a zip': { raw: 'UEsDBA==', mediaType: 'application/zip', filename: 'a.zip' },
  'a docx': {
    raw: 'UEsDBA==',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    filename: 'a.docx',
  },
  'an xls': { raw: '0M8R4A==', mediaType: 'application/vnd.ms-excel', filename: 'a.xls' },
  'an mp3': { raw: base64('ID3'), mediaType: 'audio/mpeg', filename: 'a.mp3' },
  'a film': { raw: base64('ftyp'), mediaType: 'video/mp4', filename: 'a.mp4' },
  'a file without a type': { raw: base64('?'), filename: 'a' },
  'a file without a name': { raw: base64(pdf), mediaType: 'application/pdf' },
  'a file with an odd name': {
    raw: base64(pdf),
    mediaType: 'APPLICATION/PDF; a=b',
    filename: `\u200b ${'x'.repeat(600)}😀`,
  },
  'an empty text file': { raw: '', mediaType: 'text/plain', filename: 'a.txt' },
  'a text file of bytes': {
    raw: base64(Buffer.from([0xff, 0xfe, 0xd8, 0x00])),
    mediaType: 'text/plain',
    filename: 'a.txt',
  },
  'a PDF without a type': { raw: base64(pdf), mediaType: 'application/octet-stream', filename: 'a.bin' },
  'a PDF that is called a picture': { raw: base64(pdf), mediaType: 'image/png', filename: 'a.png' },
  'a picture of half its beginning': { raw: base64(png.subarray(0, 3)), mediaType: 'image/png', filename: 'a.png' },
  'a HEIC': { raw: base64('ftypheic'), mediaType: 'image/heic', filename: 'a.heic' },
  'a recording': { raw: base64('\x1aE\xdf\xa3'), mediaType: 'audio/webm;codecs=opus', filename: 'a.webm' },
  'a model of a thing': { raw: base64('glTF'), mediaType: 'model/gltf-binary', filename: 'a.glb' },
  'a type that is none': { raw: base64('?'), mediaType: 'pdf', filename: 'a.pdf' },
  'a text file of white space': { raw: base64('\u00a0\n'), mediaType: 'text/plain', filename: 'a.txt' },
  'lines of JSON': { raw: base64('{}\n{}\n'), mediaType: 'application/x-ndjson', filename: 'a.ndjson' },
  'a link': { url: 'https://files.example/a.pdf', mediaType: 'application/pdf' },
};

/** Arguments with which the model calls. */
const inputs: Readonly<Record<string, unknown>> = {
  'a list': ['Rome'],
  text: '"Rome"',
  null: 'null',
  'a number': '5',
  'broken JSON': '{"city": "Par',
  nothing: '',
  'white space': ' \n',
  'half an emoji': '{"what":"\\ud83d"}',
  'no character': '{"what":"\\u0000"}',
  true: 'true',
  'JSON within JSON': JSON.stringify('{"what":"list"}'),
  'names of prototypes': '{"__proto__":{"what":"list"},"constructor":1,"what":"list"}',
  'a name twice': '{"what":"nothing","what":"list"}',
  'more than an object': '{"what":"list"} {"what":"list"}',
  'three hundred levels': `{"what":"list","deep":${'['.repeat(300)}${']'.repeat(300)}}`,
  'a number beyond all': '{"what":"list","n":1e999}',
};

const gives = (what: string, words?: readonly string[]): Reply => ({
  kind: 'calls',
  calls: [{ name: 'give', input: { what } }],
  ...(words === undefined ? {} : { words }),
});

const fromFiles = Object.entries(files).flatMap(([name, file]): readonly OddItem[] => [
  { name, put: (talk) => talk.say([{ text: 'Look' }, file]) },
  { name: `${name}, given to another agent`, put: (talk) => talk.act({ does: 'take' }, [file]) },
]);

const fromTools: readonly OddItem[] = [
  ...Object.entries(inputs).map(([name, input]) => ({
    name: `a call with ${name}`,
    put: (talk: Talk) => talk.say('Call', { kind: 'calls', calls: [{ name: 'give', input }] }),
  })),
  ...resultNames.map((what) => ({
    name: `a tool that gives ${what}`,
    put: (talk: Talk) => talk.say('Call', gives(what)),
  })),
  {
    name: 'a call of what is no tool',
    put: (talk) => talk.say('Call', { kind: 'calls', calls: [{ name: 'nobody', input: {} }] }),
  },
  { name: 'white space before a call', put: (talk) => talk.say('Call', gives('list', ['\n'])) },
  {
    name: 'several calls at once',
    put: (talk) =>
      talk.say('Call', {
        kind: 'calls',
        calls: ['list', 'lone', 'nothing'].map((what) => ({ name: 'give', input: { what } })),
      }),
  },
  { name: 'calls without an end', put: (talk) => talk.say('Call', gives('list'), gives('list'), gives('list')) },
  {
    name: 'a call that asks a person',
    put: (talk) => talk.say('Call', { kind: 'calls', calls: [{ name: 'ask', input: {} }] }),
  },
  {
    name: 'a call that was cancelled',
    put: (talk) =>
      talk.cancel({
        kind: 'calls',
        words: ['I start.'],
        calls: [
          { name: 'give', input: { what: 'list' } },
          { name: 'hang', input: {} },
        ],
      }),
  },
];

const fromAnswers: readonly OddItem[] = [
  {
    name: 'an answer of white space',
    put: (talk) => talk.say('Hi', ...Array.from({ length: 3 }, (): Reply => ({ kind: 'answer', words: ['\n\n'] }))),
  },
  {
    name: 'an answer that ends in white space',
    put: (talk) => talk.say('Hi', { kind: 'answer', words: ['Yes. \n\n'] }),
  },
  {
    name: 'an answer that was cut short',
    put: (talk) => talk.say('Hi', { kind: 'answer', words: ['Once'], finishReason: 'length' }),
  },
  {
    name: 'an answer that was filtered',
    put: (talk) => talk.say('Hi', { kind: 'answer', words: [], finishReason: 'content_filter' }),
  },
  { name: 'an answer that was cancelled', put: (talk) => talk.cancel({ kind: 'stall', words: ['I start.'] }) },
  { name: 'a refusal', put: (talk) => talk.say('Hi', { kind: 'refusal', status: 400, message: 'No. \ud83d' }) },
  { name: 'a failure behind a tool', put: (talk) => talk.say('Hi', gives('list'), { kind: 'refusal', status: 400 }) },
];

/** What people don't see. */
const blanks: Readonly<Record<string, string>> = {
  'blanks that do not break': '\u00a0\u00a0',
  'signs without width': '\u200b\u200d\u2060\ufeff',
  'ideographic blanks': '\u3000',
  fillers: '\u3164\u115f\u2800',
  'marks of direction': '\u202e\u202c',
  'separators of lines': '\u2028\u2029\u0085',
};

const fromBlanks = Object.entries(blanks).flatMap(([name, blank]): readonly OddItem[] => [
  {
    name: `${name} for an answer`,
    put: (talk) => talk.say('Hi', ...Array.from({ length: 3 }, (): Reply => ({ kind: 'answer', words: [blank] }))),
  },
  { name: `${name} before a call`, put: (talk) => talk.say('Call', gives('list', [blank])) },
  { name: `${name} beside words`, put: (talk) => talk.say([{ text: blank }, { text: 'Hi' }]) },
  { name: `${name} of another agent`, put: (talk) => talk.act({ does: 'say', says: blank }) },
]);

const fromOthers: readonly OddItem[] = [
  { name: 'white space of another agent', put: (talk) => talk.act({ does: 'say', says: ' \n' }) },
  { name: 'nothing of another agent', put: (talk) => talk.act({ does: 'say', says: '' }) },
  { name: 'signs that nobody sees', put: (talk) => talk.act({ does: 'say', says: '\u200b\u00ad' }) },
  { name: 'a failure of another agent', put: (talk) => talk.act({ does: 'fail', says: "I can't." }) },
  { name: 'a failure without a word', put: (talk) => talk.act({ does: 'fail', says: '' }) },
  { name: 'a question of another agent', put: (talk) => talk.act({ does: 'ask' }) },
  { name: 'data of another agent', put: (talk) => talk.act({ does: 'data', says: '\u2028' }) },
  { name: 'a file of another agent', put: (talk) => talk.act({ does: 'file', says: 'a.zip' }) },
  { name: 'white space beside words', put: (talk) => talk.say([{ text: ' ' }, { text: 'Hi' }, { text: '' }]) },
  { name: 'data', put: (talk) => talk.say([{ data: null }, { data: [] }, { data: { a: '\u2028' } }]) },
  { name: 'a long text of emoji', put: (talk) => talk.say('👩‍👩‍👧‍👦'.repeat(500)) },
  {
    name: 'a copy of it all',
    put: async (talk) => {
      await talk.say([{ text: 'Look' }, files['a zip'] ?? {}]);
      await talk.say('Call', gives('list'));
      await talk.cancel({ kind: 'calls', calls: [{ name: 'hang', input: {} }] });
      await talk.fork();
    },
  },
];

export const oddItems: readonly OddItem[] = [...fromFiles, ...fromTools, ...fromAnswers, ...fromBlanks, ...fromOthers];
