/** What any editor would send back, whoever wrote it: rules that need no model. */
import type { Brief } from '../brief/brief.js';
import { plainText, type Finding, type Piece } from '../campaign/piece.js';
import { sentencesOf } from '../channels/cut.js';
import { textsOf } from '../channels/shape.js';

const PLACEHOLDER = /\b(lorem ipsum|TODO|TBD|XXX)\b|\[(?:insert|your|name|company|link)[^\]]*\]/i;
const SHOUTING = /!{2,}|\b\p{Lu}{4,}(?:\s+\p{Lu}{4,}){2,}/u;
const LONG_SENTENCE = 45;

export function editorialFindings(brief: Brief, piece: Piece): readonly Finding[] {
  const { name } = brief.product;
  const words = plainText(piece);
  const named = words.toLowerCase().includes(name.toLowerCase());
  const missing = named
    ? []
    : [{ note: `It never names the product, ${name}.`, add: `${name}: for ${brief.audience}.` }];
  const said = new Set<string>();
  const sentences = textsOf(piece.content).flatMap(({ text }) =>
    text.split('\n').flatMap((line) => sentencesOf(line).map((sentence) => sentence.trim())),
  );
  const wrong = sentences.flatMap((sentence): readonly Finding[] => {
    if (PLACEHOLDER.test(sentence)) return [{ note: 'A placeholder was left in it.', quote: sentence }];
    if (SHOUTING.test(sentence)) return [{ note: 'It shouts: fewer capitals and exclamation marks.', quote: sentence }];
    if (sentence.split(/\s+/).length > LONG_SENTENCE) return [{ note: 'A sentence is too long to follow; split it.' }];
    const repeated = sentence.length > 60 && said.has(sentence) && piece.channel !== 'email-sequence';
    said.add(sentence);
    return repeated ? [{ note: `It says twice: "${sentence}"` }] : [];
  });
  return [...missing, ...wrong];
}
