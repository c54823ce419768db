/** Agent cards: what is on them, where they are, how they are kept and signed (sections 4.4, 8). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { canonicalizeAgentCard } from 'a2a-sdk-1.3';
import { flattenedVerify, importJWK } from 'jose';
import { may, must, should } from '../requirement.mjs';
import { request, jsonOf } from '../ports/http.mjs';

const cardResponse = (t, headers = {}) => {
  const { card, headers: own } = t.agent('answers');
  // Without this fetch says `no-cache`, to which there is no 304.
  return request('GET', card, { headers: { ...own, 'cache-control': 'max-age=0', ...headers } });
};

async function signatureOf(t) {
  const { signatures = [] } = await t.card();
  return signatures[0] ?? t.skip('the card is not signed');
}

const headerOf = ({ protected: text }) => JSON.parse(Buffer.from(text, 'base64url').toString());

/** Throws for a card that the key of its signature has not signed as it is. */
async function verify(t, card) {
  const signed = await signatureOf(t);
  const { jku, kid, alg } = headerOf(signed);
  if (jku === undefined) t.skip('the signature does not say where its key is');
  const { keys } = await jsonOf(await request('GET', jku));
  const key = keys.find((found) => found.kid === kid);
  ok(key, `no key ${kid}`);
  const payload = Buffer.from(canonicalizeAgentCard(card)).toString('base64url');
  await flattenedVerify(
    { protected: signed.protected, payload, signature: signed.signature },
    await importJWK(key, alg),
  );
}

export const cards = [
  must('8.1', 'A card is there, as JSON.', async (t) => {
    const response = await cardResponse(t);
    equal(response.status, 200);
    ok(response.headers.get('content-type')?.includes('json'), response.headers.get('content-type'));
  }),
  must('8.2', 'The host has a card at /.well-known/agent-card.json.', async (t) => {
    const { card } = t.agent('answers');
    const found = await jsonOf(await request('GET', new URL('/.well-known/agent-card.json', card).href));
    ok(found.name && found.supportedInterfaces, 'no card');
  }),
  must('4.4.1', 'A card has name, description, version, interfaces, capabilities, modes and skills.', async (t) => {
    const card = await t.card();
    for (const field of ['name', 'description', 'version']) equal(typeof card[field], 'string', field);
    for (const field of ['supportedInterfaces', 'defaultInputModes', 'defaultOutputModes', 'skills']) {
      ok(card[field]?.length > 0, field);
    }
    ok(card.capabilities, 'capabilities');
  }),
  must('4.4.2', 'A provider has a name and a URL.', async (t) => {
    const { provider = t.skip('no provider') } = await t.card();
    ok(provider.organization && URL.canParse(provider.url), JSON.stringify(provider));
  }),
  must('4.4.4', 'Extensions on the card have a URI.', async (t) => {
    const { extensions = t.skip('no extensions') } = (await t.card()).capabilities;
    for (const { uri } of extensions) ok(uri);
  }),
  must('4.4.5', 'Skills have id, name, description, and a tag at least.', async (t) => {
    for (const { id, name, description, tags } of (await t.card()).skills)
      ok(id && name && description && tags.length > 0, id);
  }),
  must('4.4.6', 'Interfaces have a URL, a binding and a version.', async (t) => {
    for (const { url, protocolBinding, protocolVersion } of (await t.card()).supportedInterfaces) {
      ok(url && protocolBinding && protocolVersion);
    }
  }),
  should('3.6', 'Versions on the card are Major.Minor.', async (t) => {
    for (const { protocolVersion } of (await t.card()).supportedInterfaces)
      ok(/^\d+\.\d+$/.test(protocolVersion), protocolVersion);
  }),
  must('8.3.1', 'The interface for this binding is where the card says, with its tenant.', async (t) => {
    ok(await t.call('ListTasks', { pageSize: 1 }));
  }),
  should('8.3.1', 'URLs on the card have no slash twice.', async (t) => {
    for (const { url } of (await t.card()).supportedInterfaces) ok(!url.replace('://', '').includes('//'), url);
  }),
  should('8.6.1', 'A card says how long it may be kept.', async (t) => {
    const caching = (await cardResponse(t)).headers.get('cache-control');
    ok(/max-age=\d+/.test(caching ?? ''), String(caching));
  }),
  should('8.6.1', 'A card has an ETag.', async (t) => ok((await cardResponse(t)).headers.get('etag'))),
  should('8.6.2', 'A card that has not changed is not sent again.', async (t) => {
    const etag = (await cardResponse(t)).headers.get('etag') ?? t.skip('no ETag');
    equal((await cardResponse(t, { 'if-none-match': etag })).status, 304);
  }),
  may('8.4', 'A card is signed.', async (t) => ok(await signatureOf(t))),
  must('8.4.2', 'The header of a signature has alg and kid, and typ JOSE.', async (t) => {
    const { alg, kid, typ } = headerOf(await signatureOf(t));
    ok(alg && kid);
    equal(typ, 'JOSE');
  }),
  must('8.4.3', 'A signature can be verified with the key that it names.', async (t) => verify(t, await t.card())),
  must('8.4.3', 'A card that was changed is not verified.', async (t) => {
    const changed = { ...(await t.card()), description: 'Something else.' };
    const verified = await verify(t, changed).then(
      () => true,
      (error) => (/signature/i.test(error.message) ? false : Promise.reject(error)),
    );
    equal(verified, false);
  }),
  must('4.5', 'Security schemes on a card are of exactly one kind, and requirements name them.', async (t) => {
    const { securitySchemes = {}, securityRequirements = [] } = await t.card('guards');
    const kinds = /^(apiKey|httpAuth|oauth2|openIdConnect|mtls)SecurityScheme$/;
    for (const scheme of Object.values(securitySchemes)) {
      equal(Object.keys(scheme).filter((kind) => kinds.test(kind)).length, 1, JSON.stringify(scheme));
    }
    const known = Object.keys(securitySchemes);
    ok(known.length > 0, 'no scheme');
    deepEqual(
      securityRequirements.flatMap(({ schemes }) => Object.keys(schemes)).filter((name) => !known.includes(name)),
      [],
    );
  }),
];
