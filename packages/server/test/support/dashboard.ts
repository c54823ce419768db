/** The queries of the Grafana dashboard and the alerts in `deploy/`, and what they ask Prometheus for. */
import { readFile } from 'node:fs/promises';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

const deploy = new URL('../../../../deploy/', import.meta.url);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly matches: (value: string) => boolean }[];
}

/** As Grafana fills them in with "All" chosen. */
export async function dashboardQueries(): Promise<readonly { readonly title: string; readonly expr: string }[]> {
  const { panels } = JSON.parse(await readFile(new URL('grafana/continuo.json', deploy), 'utf8')) as {
    readonly panels: readonly Panel[];
  };
  const filled = (expr: string): string =>
    expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(?:job|agent)\b/g, '.*');
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr: filled(expr) })));
}

export async function alertQueries(): Promise<readonly { readonly title: string; readonly expr: string }[]> {
  const { groups } = parse(await readFile(new URL('prometheus/continuo.rules.yaml', deploy), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ title: alert, expr })));
}

/** What a query in PromQL selects. Throws for what is none. */
export function selectorsOf(expr: string): readonly Selector[] {
  const selectors: { metric: string; matchers: Selector['matchers'][number][] }[] = [];
  const textOf = ({ from, to }: { readonly from: number; readonly to: number }): string => expr.slice(from, to);
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expr}`);
      if (node.name === 'VectorSelector') selectors.push({ metric: textOf(node).split('{')[0] ?? '', matchers: [] });
      if (node.name !== 'UnquotedLabelMatcher') return;
      const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(textOf(node)) ?? [];
      selectors.at(-1)?.matchers.push({ label, matches: matcher(operator, value) });
    },
  });
  return selectors;
}

function matcher(operator: string, wanted: string): (value: string) => boolean {
  const equal = operator.endsWith('~')
    ? (value: string) => new RegExp(`^(?:${wanted})$`).test(value)
    : (value: string) => value === wanted;
  return operator.startsWith('!') ? (value) => !equal(value) : equal;
}
