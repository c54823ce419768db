/** A receiver of OTLP over HTTP on loopback, for protobuf and for JSON: keeps every span that it was sent. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { onLoopback } from './on-loopback.js';
import { fromProtobuf } from './otlp-proto.js';
import { until } from './until.js';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer. */
  readonly kind: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  /** 0 unset, 2 error. */
  readonly status: { readonly code?: number; readonly message?: string };
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** The headers of what it was sent. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** Resolves with the span of this name, when it is there; `where` tells it from others. */
  span(name: string, where?: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>;
  /** What it says instead of taking what comes; undefined takes it. */
  answer: { readonly status: number } | 'never' | undefined;
}

interface Json {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly Pair[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly RawSpan[] }[];
  }[];
}

interface RawSpan extends Omit<
  ReceivedSpan,
  'from' | 'to' | 'attributes' | 'links' | 'events' | 'status' | 'resource'
> {
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Pair[];
  readonly links?: ReceivedSpan['links'];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly Pair[] }[];
  readonly status?: ReceivedSpan['status'];
}

interface Pair {
  readonly key: string;
  readonly value?: Value;
}

interface Value {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly Value[] };
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const receiver: { answer: OtlpReceiver['answer'] } = { answer: undefined };
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      headers.push(request.headers);
      if (receiver.answer === 'never') return;
      if (receiver.answer !== undefined) {
        response.writeHead(receiver.answer.status).end();
        return;
      }
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const isJson = request.headers['content-type']?.startsWith('application/json') === true;
      const sent = (isJson ? JSON.parse(plain.toString()) : fromProtobuf(plain)) as Json;
      spans.push(...spansIn(sent));
      response.writeHead(200, { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' });
      response.end(isJson ? '{}' : '');
    });
  });
  const url = await onLoopback(server);
  return Object.assign(receiver, {
    url,
    spans,
    headers,
    span: (name: string, where: (span: ReceivedSpan) => boolean = () => true) =>
      until(() => spans.find((span) => span.name === name && where(span)), {
        what: `the span "${name}" among ${[...new Set(spans.map((span) => span.name))].join(', ')}`,
      }),
  });
}

function spansIn({ resourceSpans = [] }: Json): readonly ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) =>
      spans.map(
        ({ startTimeUnixNano, endTimeUnixNano, attributes, links = [], events = [], status = {}, ...span }) => ({
          ...span,
          parentSpanId: span.parentSpanId ?? '',
          from: Number(BigInt(startTimeUnixNano) / 1_000_000n),
          to: Number(BigInt(endTimeUnixNano) / 1_000_000n),
          attributes: valuesOf(attributes),
          links,
          events: events.map((event) => ({ name: event.name, attributes: valuesOf(event.attributes) })),
          status,
          resource: valuesOf(resource?.attributes),
        }),
      ),
    ),
  );
}

function valuesOf(pairs: readonly Pair[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value ?? {})]));
}

function valueOf({ stringValue, boolValue, intValue, doubleValue, arrayValue }: Value): unknown {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(valueOf);
  return stringValue ?? boolValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue));
}
