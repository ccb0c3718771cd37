import { Ajv } from 'ajv'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim'
import { Service } from 'kubernetes-models/v1/Service'
import t from 'tap'
import { parse } from 'yaml'
import { readConfig } from '../../src/config.js'
import { render, renderChart } from '../fixtures/chart.js'
import { readProjectFile } from '../fixtures/project.js'

// biome-ignore lint/suspicious/noExplicitAny: a manifest is what its schema says
type Manifest = any
const kinds: Record<string, new (data: never) => { validate(): void }> = {
  ConfigMap,
  Deployment,
  Ingress,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Service,
}
const CHART = 'examples/helm/message-router'
const standard = parse(readProjectFile(`${CHART}/values.yaml`))
const isValues = new Ajv({ strict: false }).compile(JSON.parse(readProjectFile(`${CHART}/values.schema.json`)))

/** As helm lays what is given over the values of the chart. */
const over = (base: Manifest, given: Manifest): Manifest =>
  base === null || typeof base !== 'object' || Array.isArray(base) || Array.isArray(given) || typeof given !== 'object'
    ? given
    : {
        ...base,
        ...Object.fromEntries(
          Object.entries(given).map(([key, value]) => [key, key in base ? over(base[key], value) : value]),
        ),
      }

function rendered(given: Manifest = {}): { all: Manifest[]; of: (kind: string) => Manifest } {
  const values = over(standard, given)
  if (!isValues(values)) throw new Error(JSON.stringify(isValues.errors))
  const all = Object.entries(renderChart(values)).flatMap(([file, manifests]) =>
    file.endsWith('.yaml') ? manifests : [],
  )
  return { all, of: (kind) => all.find((manifest) => manifest.kind === kind) }
}

t.test('whatever its values, the chart makes what Kubernetes takes', async (t) => {
  for (const [given, wanted] of [
    [{}, ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service']],
    [
      { replicas: 1, persistence: { enabled: true } },
      ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PersistentVolumeClaim', 'Service'],
    ],
    [
      {
        ingress: { enabled: true, annotations: { 'cert-manager.io/cluster-issuer': 'x' } },
        networkPolicy: { enabled: false },
      },
      ['ConfigMap', 'Deployment', 'Ingress', 'PodDisruptionBudget', 'Service'],
    ],
    [
      {
        imagePullSecrets: [{ name: 'registry' }],
        podAnnotations: { 'prometheus.io/scrape': 'true' },
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ key: 'a', operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        persistence: { storageClassName: 'fast' },
        networkPolicy: {
          extraEgress: [{ ports: [{ port: 5001 }], to: [{ podSelector: { matchLabels: { app: 'dify' } } }] }],
        },
      },
      ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'],
    ],
  ] as const) {
    const { all } = rendered(given)
    t.same(all.map(({ kind }) => kind).sort(), wanted)
    for (const manifest of all) {
      t.doesNotThrow(() => new kinds[manifest.kind]!(manifest as never).validate(), manifest.kind)
      t.match(manifest.metadata.name, /^shop$/)
    }
  }
})

t.test('the router starts with what it makes, and runs with no more rights than it needs', async (t) => {
  const { of } = rendered()
  const pod = of('Deployment').spec.template.spec
  const [router] = pod.containers
  const secrets = {
    META_APP_SECRETS: 'a-secret-of-yours',
    META_VERIFY_TOKEN: 'a-word-of-yours',
    API_TOKENS: 'a-token-of-your-choice',
    REDIS_URL: 'redis://redis:6379',
    IG_TOKEN: 'x',
    DIFY_KEY: 'y',
  }
  const env = { ...secrets, ...Object.fromEntries(router.env.map(({ name, value }: Manifest) => [name, value])) }
  const read = readConfig(env, () => of('ConfigMap').data['channels.json'])
  t.match(read, { is: 'ok', warnings: [], config: { store: { is: 'redis' } } })
  if (read.is === 'bad') return
  t.ok(pod.terminationGracePeriodSeconds * 1000 > read.config.shutdownGraceMs)
  t.match(pod.securityContext, { runAsNonRoot: true })
  t.match(router.securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
  t.match(
    [router.livenessProbe, router.readinessProbe],
    [{ httpGet: { path: '/health' } }, { httpGet: { path: '/health/ready' } }],
  )
  t.equal(router.image, 'message-router:0.1.0')
  t.same(of('Deployment').spec.selector.matchLabels, of('Deployment').spec.template.metadata.labels)
  for (const selector of [of('Service').spec.selector, of('NetworkPolicy').spec.podSelector.matchLabels]) {
    t.same(selector, of('Deployment').spec.selector.matchLabels)
  }
  t.not(
    rendered({ channels: [{ id: '2', platform: 'facebook' }] }).of('Deployment').spec.template.metadata.annotations[
      'checksum/channels'
    ],
    of('Deployment').spec.template.metadata.annotations['checksum/channels'],
    'other channels make other pods',
  )
})

t.test('with a file there is one process, and its volume stays', async (t) => {
  const { of } = rendered({ replicas: 1, persistence: { enabled: true, storageClassName: 'fast' } })
  const { strategy, replicas, template } = of('Deployment').spec
  t.same([strategy, replicas], [{ type: 'Recreate' }, 1])
  const [router] = template.spec.containers
  t.ok(router.env.some(({ name, value }: Manifest) => name === 'DATA_DIR' && value === '/data'))
  t.ok(router.volumeMounts.some(({ mountPath }: Manifest) => mountPath === '/data'))
  t.match(of('PersistentVolumeClaim'), {
    metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } },
    spec: { storageClassName: 'fast' },
  })
})

t.test('only the webhook is published', async (t) => {
  const { http } = rendered({ ingress: { enabled: true } }).of('Ingress').spec.rules[0]
  t.match(http.paths, [{ path: '/webhook', pathType: 'Exact' }])
  t.equal(http.paths.length, 1)
})

t.test('values that cannot be are refused', async (t) => {
  for (const given of [
    { replica: 3 },
    { replicas: 0 },
    { channels: [] },
    { channels: [{ id: 5, platform: 'instagram' }] },
    { persistence: { enabled: true } },
    { image: { tagg: 'x' } },
    { existingSecret: '' },
  ]) {
    t.notOk(isValues(over(standard, given)), JSON.stringify(given))
  }
  t.ok(isValues(standard))
})

t.test('the part of the templates that the tests know is read as Helm documents it', async (t) => {
  const root = { Values: { a: 'x', empty: '', list: ['1'], map: { b: 2, a: 1 } } }
  for (const [template, text] of [
    ['a {{ .Values.a }} b', 'a x b'],
    ['a\n  {{- .Values.a -}}\n b', 'axb'],
    ['{{ .Values.empty | default "d" | quote }}', '"d"'],
    ['{{ if .Values.empty }}1{{ else }}2{{ end }}{{ with .Values.list }}{{ . | toJson }}{{ end }}', '2["1"]'],
    ['{{ range $k, $v := .Values.map }}{{ $k }}={{ $v }};{{ end }}', 'a=1;b=2;'],
    ['k:{{ toYaml .Values.map | nindent 2 }}', 'k:\n  b: 2\n  a: 1'],
    ['{{ printf "<%s>" $.Values.a }}', '<x>'],
    ['{{ if not .Values.empty }}y{{ end }}', 'y'],
  ] as const) {
    t.equal(render(template, root), text, template)
  }
  for (const bad of ['{{ end }}', '{{ if .Values.a }}', '{{ .Values.none }}', '{{ include "x" . }}', '{{ ?? }}']) {
    t.throws(() => render(bad, root), bad)
  }
})
