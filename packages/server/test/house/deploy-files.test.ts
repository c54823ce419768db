/** The files of `deploy/` fit the server: variables that it knows, paths that it has, times that fit its drain. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { configVariables, loadConfig } from '../../src/platform/config.js';
import { environmentOf, stagesOf, wordsOf } from '../support/dockerfile.js';
import { at, textAt } from '../support/http-calls.js';

const deploy = fileURLToPath(new URL('../../../../deploy/', import.meta.url));
/** For what is left of a stop when the drain is over. */
const HAND_OVER_S = 10;

const textOf = (path: string): Promise<string> => readFile(`${deploy}${path}`, 'utf8');

/** All documents of a YAML file; throws where one is none. */
async function documents(path: string): Promise<readonly unknown[]> {
  return parseAllDocuments(await textOf(path)).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as unknown;
  });
}

async function manifests(): Promise<readonly unknown[]> {
  const files = (await readdir(`${deploy}kubernetes`)).filter((name) => name.endsWith('.yaml'));
  return (await Promise.all(files.map((name) => documents(`kubernetes/${name}`)))).flat();
}

async function manifest(kind: string): Promise<unknown> {
  const found = (await manifests()).find((one) => at(one, 'kind') === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
}

const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** How long a stop with these settings may take: several processes drain one after the other, in no more than two drains. */
function stopSeconds({ CONTINUO_DRAIN_MS = '', CONTINUO_PROCESSES = '1' }: Readonly<Record<string, string>>): number {
  const drains = CONTINUO_PROCESSES === '1' ? 1 : 2;
  return (drains * Number(CONTINUO_DRAIN_MS)) / 1000 + HAND_OVER_S;
}

/** Seconds in `20s`. */
const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)?.[1]);

/** The variables with which a server starts there, and that are wrong; files of secrets aside. */
function unknownIn(env: Readonly<Record<string, string>>): readonly string[] {
  const secrets = configVariables().filter(({ secret }) => secret);
  const others = Object.entries(env).filter(([name]) => !secrets.some((secret) => name === `${secret.name}_FILE`));
  const settings = Object.fromEntries(others);
  loadConfig(settings);
  const ours = others.map(([name]) => name).filter((name) => name !== 'NODE_ENV');
  return ours.filter((name) => !configVariables().some((variable) => variable.name === name));
}

describe('Docker', () => {
  it.each(['docker/Dockerfile', 'docker/own-project/Dockerfile'])(
    '%s: no root, no secrets, a known environment',
    async (path) => {
      const stages = stagesOf(await textOf(path));
      const last = stages.at(-1);
      expect(stages.map(({ from }) => from)).toEqual(['node:24-slim', 'node:24-slim']);
      expect(wordsOf(last, 'USER')).toEqual(['node']);
      expect(wordsOf(last, 'ENTRYPOINT')).toEqual(['["tini", "--"]']);
      expect(wordsOf(last, 'HEALTHCHECK').join('')).toContain('/readyz');
      expect(unknownIn({ ...environmentOf(last), DATABASE_URL_FILE: 'x' })).toEqual([]);
      for (const words of wordsOf(last, 'COPY')) expect(words).toMatch(/^--from=build \/app\//);
    },
  );

  it('both images are built in the same way', async () => {
    const [own, theirs] = await Promise.all(['docker/Dockerfile', 'docker/own-project/Dockerfile'].map(textOf));
    const last = (text: string | undefined, name: string) => wordsOf(stagesOf(text ?? '').at(-1), name);
    for (const name of ['RUN', 'USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT']) {
      expect(last(own, name)).toEqual(last(theirs, name));
    }
  });

  it('compose: PostgreSQL comes first, secrets are files, a stop has the time that the drain needs', async () => {
    const [compose] = await documents('docker/compose.yaml');
    const continuo = at(compose, 'services', 'continuo');
    const env = at(continuo, 'environment') as Record<string, string>;
    const named = { ...env, CONTINUO_PUBLIC_URL: 'http://127.0.0.1:4000', HOST: '0.0.0.0' };
    expect(unknownIn(named)).toEqual([]);
    expect(at(continuo, 'depends_on', 'postgres', 'condition')).toBe('service_healthy');
    expect(Object.keys(at(compose, 'secrets') as object)).toEqual(['postgres-password', 'database-url']);
    expect(env.DATABASE_URL_FILE).toBe('/run/secrets/database-url');
    expect(seconds(textAt(continuo, 'stop_grace_period'))).toBeGreaterThanOrEqual(stopSeconds(env));
  });
});

describe('systemd', () => {
  it('a stop has the time that the drain needs, and the settings are known', async () => {
    const [unit, env] = await Promise.all(['systemd/continuo.service', 'systemd/continuo.env'].map(textOf));
    const lines = (env ?? '').split('\n').filter((line) => /^[A-Z]/.test(line));
    const settings = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
      string,
      string
    >;
    expect(unknownIn(settings)).toEqual([]);
    const stop = seconds(/^TimeoutStopSec=(.*)$/m.exec(unit ?? '')?.[1] ?? '');
    expect(stop).toBeGreaterThanOrEqual(stopSeconds(settings));
    for (const line of ['Restart=always', 'KillSignal=SIGTERM', 'NoNewPrivileges=yes', 'ProtectSystem=strict']) {
      expect(unit).toContain(`\n${line}\n`);
    }
    expect(unit).not.toContain('\nMemoryDenyWriteExecute=yes');
  });
});

describe('Kubernetes', () => {
  it('every manifest is listed, and has kind and name', async () => {
    const [kustomization] = await documents('kubernetes/kustomization.yaml');
    const files = (await readdir(`${deploy}kubernetes`)).toSorted();
    const apart = ['kustomization.yaml', 'secret.example.yaml'];
    const listed = listAt(kustomization, 'resources').map(String).toSorted();
    expect(listed).toEqual(files.filter((name) => !apart.includes(name)));
    const named = (await manifests()).filter((one) => textAt(one, 'kind') !== 'Kustomization');
    for (const one of named) {
      expect([textAt(one, 'apiVersion'), textAt(one, 'metadata', 'name')]).not.toContain('');
    }
  });

  it('the settings are known, and fit the ports', async () => {
    const deployment = await manifest('Deployment');
    const container = at(deployment, 'spec', 'template', 'spec', 'containers', 0);
    const settings = at(await manifest('ConfigMap'), 'data') as Record<string, string>;
    const own = listAt(container, 'env').map((one) => [textAt(one, 'name'), textAt(one, 'value')]);
    const image = environmentOf(stagesOf(await textOf('docker/Dockerfile')).at(-1));
    const env: Record<string, string> = { ...image, ...settings, ...Object.fromEntries(own) };
    expect(unknownIn(env)).toEqual([]);
    const ports = listAt(container, 'ports').map((one) => at(one, 'containerPort'));
    expect(ports).toEqual([Number(env.PORT), Number(env.CONTINUO_GRPC_PORT)]);
    expect(listAt(await manifest('Service'), 'spec', 'ports').map((one) => at(one, 'port'))).toEqual(ports);
    const key = Object.keys(at(await manifest('Secret'), 'stringData') as object)[0];
    expect(env.DATABASE_URL_FILE).toBe(`${textAt(container, 'volumeMounts', 0, 'mountPath')}/${key}`);
    // What kubelet sets for a service of this name would be taken for settings.
    expect(at(deployment, 'spec', 'template', 'spec', 'enableServiceLinks')).toBe(false);
  });

  it("the account that serves may read the files of secrets, which are root's", async () => {
    const pod = at(await manifest('Deployment'), 'spec', 'template', 'spec');
    // `0440` is octal to Kubernetes, and decimal to YAML 1.2.
    const mode = Number.parseInt(String(at(pod, 'volumes', 0, 'secret', 'defaultMode')), 8);
    const { fsGroup, runAsGroup } = at(pod, 'securityContext') as Readonly<Record<string, unknown>>;
    const isOfTheGroup = fsGroup !== undefined && fsGroup === runAsGroup;
    expect(mode & (isOfTheGroup ? 0o040 : 0o004)).not.toBe(0);
  });

  it('probes ask what there is to ask, and a stop has the time that the drain needs', async () => {
    const pod = at(await manifest('Deployment'), 'spec', 'template', 'spec');
    const container = at(pod, 'containers', 0);
    const probed = ['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) =>
      textAt(container, probe, 'httpGet', 'path'),
    );
    expect(probed).toEqual(['/readyz', '/readyz', '/healthz']);
    const settings = at(await manifest('ConfigMap'), 'data') as Record<string, string>;
    const pause = Number(listAt(container, 'lifecycle', 'preStop', 'exec', 'command')[1]);
    expect(at(pod, 'terminationGracePeriodSeconds')).toBeGreaterThanOrEqual(pause + stopSeconds(settings));
    const [strategy, budget] = [
      at(await manifest('Deployment'), 'spec', 'strategy', 'rollingUpdate'),
      await manifest('PodDisruptionBudget'),
    ];
    expect(strategy).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(at(budget, 'spec', 'minAvailable')).toBeLessThan(
      Number(at(await manifest('Deployment'), 'spec', 'replicas')),
    );
  });

  it('everything selects the pods, and routes to ports that there are', async () => {
    const labels = at(await manifest('Deployment'), 'spec', 'template', 'metadata', 'labels');
    expect(at(await manifest('Service'), 'spec', 'selector')).toEqual(labels);
    expect(at(await manifest('PodDisruptionBudget'), 'spec', 'selector', 'matchLabels')).toEqual(labels);
    expect(at(await manifest('NetworkPolicy'), 'spec', 'podSelector', 'matchLabels')).toEqual(labels);
    const names = listAt(await manifest('Service'), 'spec', 'ports').map((one) => at(one, 'name'));
    const ingresses = (await manifests()).filter((one) => at(one, 'kind') === 'Ingress');
    const routed = ingresses.map((one) =>
      at(one, 'spec', 'rules', 0, 'http', 'paths', 0, 'backend', 'service', 'port', 'name'),
    );
    expect(routed).toEqual(names);
  });
});

it('an unknown variable in one of them would be found', () => {
  expect(unknownIn({ CONTINUO_AUTH: 'keys', HOST: '0.0.0.0', DATABASE_URLS: 'x' })).toEqual(['DATABASE_URLS']);
});
