/** Language models, MCP servers and the collector of traces: whether they answer. */
import { probeCollector, probeMcpServers, probeModels, type Config, type Probe } from '@continuo/server/commands';
import { noted, ok, wrong, type Finding } from './finding.js';

const COLLECTOR =
  'Check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS, and that a collector takes OTLP over HTTP there, by default on port 4318. Until then traces are lost; tasks are not.';

export async function* outsideFindings(config: Config): AsyncGenerator<Finding> {
  if (config.model === undefined) {
    yield noted(
      'model',
      'none: an offline model answers, and says so',
      'Set CONTINUO_MODEL (docs/language-models.md).',
    );
  }
  for (const probe of await probeModels(config)) {
    yield toFinding('model', probe, 'Check CONTINUO_MODEL, CONTINUO_MODEL_API_KEY and CONTINUO_MODEL_BASE_URL.');
  }
  for (const probe of await probeMcpServers(config)) {
    yield toFinding('MCP server', probe, 'Check it in CONTINUO_MCP_SERVERS (docs/mcp.md).');
  }
  const collector = await probeCollector(config);
  if (collector !== undefined) yield toFinding('traces', collector, COLLECTOR);
}

function toFinding(about: string, { name, found, problem, remedy }: Probe, usual: string): Finding {
  return problem === undefined
    ? ok(about, `${name}: ${found ?? 'answers'}`)
    : wrong(about, `${name}: ${problem}`, remedy ?? usual);
}
