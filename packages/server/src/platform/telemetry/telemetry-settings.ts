/** The environment variables of OpenTelemetry that are honoured here, by their standard names. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { ensureInstalled } from '../optional-parts.js';
import { flag, text, variableNotes } from '../variable-kinds.js';
import { webUrl } from '../web-url.js';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
/** What other programs' instrumentations take for yes, too. */
const WITH_CONTENTS = /^(true|span_only|span_and_event)$/i;

export type SamplerName = (typeof SAMPLERS)[number];

/** Whatever other programs make of the same variables: they are checked where traces are exported. */
export const telemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: text({
    description:
      'Where traces are sent by OTLP over HTTP, without /v1/traces. Without it, and without the next one, there are none. See docs/observability.md.',
    expected: 'a URL that begins with http:// or https://',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text({
    description: 'The whole address for traces, where it is another one.',
    expected: 'a URL that begins with http:// or https://',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: text({
    description: 'Headers that are sent along: name=value,name=value, with values encoded as in a URL.',
    expected: 'name=value, separated by commas',
    secret: true,
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: text({
    description: 'How traces are sent: http/protobuf or http/json. Default: http/protobuf.',
    expected: 'http/protobuf or http/json',
  }),
  OTEL_SERVICE_NAME: text({
    description: 'The name of this service in traces. Default: service.name of OTEL_RESOURCE_ATTRIBUTES, or continuo.',
    expected: 'a name',
  }),
  OTEL_RESOURCE_ATTRIBUTES: text({
    description: 'What else traces say of this service: name=value,name=value, with values encoded as in a URL.',
    expected: 'name=value, separated by commas',
  }),
  OTEL_TRACES_SAMPLER: text({
    description: `Which traces are recorded: ${SAMPLERS.join(', ')}. Default: parentbased_always_on.`,
    expected: `one of ${SAMPLERS.join(', ')}`,
  }),
  OTEL_TRACES_SAMPLER_ARG: text({
    description: 'Of the samplers by ratio: which share of traces, from 0 to 1. Default: 1.',
    expected: 'a number from 0 to 1',
  }),
  OTEL_SDK_DISABLED: text({
    description: 'true turns traces off, whatever else is set.',
    expected: 'true or false',
  }),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: text({
    description:
      "true has traces hold what models and tools were asked and what they answered, which may be anybody's secrets.",
    expected: 'true or false',
  }),
  CONTINUO_TRACES_KEEP_FAILED: flag({
    default: 'true',
    description: 'Whether runs that fail are exported of traces, too, that are not sampled.',
  }),
} as const;

type Given = { readonly [Name in keyof typeof telemetryVariables]?: string | boolean | undefined };

export interface TelemetrySettings {
  /** Undefined: traces are exported by nobody but the host. */
  readonly url: string | undefined;
  /** The variable that says it. */
  readonly urlIn: 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: string;
  readonly ratio: string | undefined;
  readonly withContents: boolean;
  readonly keepFailed: boolean;
}

/** Undefined where there are to be no traces, whoever has set up what. */
export function telemetrySettings(given: Given): TelemetrySettings | undefined {
  const said = (name: keyof Given): string | undefined => {
    const value = given[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  if (said('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const base = said('OTEL_EXPORTER_OTLP_ENDPOINT');
  const whole = said('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const attributes = pairsOf(said('OTEL_RESOURCE_ATTRIBUTES') ?? '');
  return {
    url: whole ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`),
    urlIn: whole === undefined ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    headers: pairsOf(said('OTEL_EXPORTER_OTLP_HEADERS') ?? ''),
    protocol: said('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf',
    resource: {
      ...attributes,
      'service.name': said('OTEL_SERVICE_NAME') ?? attributes['service.name'] ?? 'continuo',
    },
    sampler: said('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on',
    ratio: said('OTEL_TRACES_SAMPLER_ARG'),
    withContents: WITH_CONTENTS.test(said('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT') ?? ''),
    keepFailed: given.CONTINUO_TRACES_KEEP_FAILED !== false,
  };
}

export interface ExportSettings {
  readonly url: string;
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly sampler: SamplerName;
  readonly ratio: number;
}

/** What the exporter goes by. Throws CONFIG_INVALID for what can't be exported so, and PACKAGE_MISSING. */
export function checkedForExport({ protocol, sampler, ratio = '1', ...settings }: TelemetrySettings): ExportSettings {
  const refuse = (name: keyof typeof telemetryVariables, why: string): never => {
    const { expected = '' } = variableNotes.get(telemetryVariables[name]) ?? {};
    throw new ContinuoError('CONFIG_INVALID', `${name}: expected ${expected}; ${why}`);
  };
  const url = webUrl(settings.url ?? '')?.href ?? refuse(settings.urlIn, 'this is none.');
  const spoken = PROTOCOLS.find((known) => known === protocol);
  const chosen = SAMPLERS.find((known) => known === sampler);
  const share = Number(ratio);
  if (spoken === undefined) {
    return refuse(
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      `${JSON.stringify(protocol)} is not spoken. Collectors take OTLP over HTTP on port 4318.`,
    );
  }
  if (chosen === undefined) return refuse('OTEL_TRACES_SAMPLER', `found ${JSON.stringify(sampler)}.`);
  if (!(share >= 0 && share <= 1)) return refuse('OTEL_TRACES_SAMPLER_ARG', `found ${JSON.stringify(ratio)}.`);
  ensureInstalled('otlp', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'Or set OTEL_SDK_DISABLED to true.');
  return { url, protocol: spoken, sampler: chosen, ratio: share };
}

/** Values are encoded as in a URL; one that isn't is taken as it is. */
function pairsOf(pairs: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.split(',').flatMap((pair) => {
      const [, name = '', value = ''] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      return name === '' ? [] : [[name, decoded(value)]];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
