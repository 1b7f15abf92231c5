/** What production's answers take while a candidate scores the same requests in the shadow, and without it. */
import { setTimeout as pause } from 'node:timers/promises'
import { project } from '../../projects/eta/index.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { type BenchServices, productionFirst, startServer } from './bench-services.js'
import { load } from './client.js'
import { DECISIONS_PATH } from './throughput.js'

const WORKFLOW = 'release/eta/bench-shadow'
const PER_SECOND = 1_000
const REQUESTS = 5_000
const ROUNDS = 3

export interface ShadowCost {
  /** p99 in ms, the median of the rounds. */
  readonly without: number
  readonly inShadow: number
  /** Requests for the candidate, by what became of them. */
  readonly counts: Readonly<Record<string, number>>
}

/** Rounds without and with it take turns on one server, so that both see the same machine. */
export async function shadowCost(services: BenchServices, body: (index: number) => string): Promise<ShadowCost> {
  const { registry } = services
  const candidate = await registerCandidate(services)
  const server = await startServer('slipway', services.environment)
  try {
    const get = async (path: string) => (await fetch(new URL(path, server.url))).text()
    const p99 = async () => {
      const sent = await load(server.url, DECISIONS_PATH, {
        connections: 64,
        requests: REQUESTS,
        perSecond: PER_SECOND,
        body,
      })
      if (sent.refused > 0) throw new Error(`${sent.refused} of ${REQUESTS} requests were refused`)
      return sent.p99
    }
    const setShadow = async (on: boolean, round: number) => {
      await registry.aliases.move({
        project: 'eta',
        alias: 'canary',
        expected: on ? null : candidate,
        to: on ? candidate : null,
        key: `bench-shadow-${round}-${on}`,
        actor: 'bench',
        reason: 'bench',
        workflowId: WORKFLOW,
        evidence: null,
      })
      while ((await get('/v1/projects/eta/aliases')).includes('"phase":"shadow"') !== on) await pause(50)
    }
    await p99()
    const without: number[] = []
    const inShadow: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(await p99())
      await setShadow(true, round)
      inShadow.push(await p99())
      await setShadow(false, round)
    }
    const counted = (await get('/metrics')).matchAll(/slipway_shadow_decisions_total\{[^}]*result="(\w+)"\} (\d+)/g)
    const counts = Object.fromEntries([...counted].map(([, result, value]) => [result, Number(value)]))
    return { without: median(without), inShadow: median(inShadow), counts }
  } finally {
    await server.stop()
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The network of production, which acts a little differently: every entity is in its shadow. */
async function registerCandidate(services: BenchServices): Promise<string> {
  const { registry } = services
  const [production] = await productionFirst(services)
  const { manifest } = await registry.releases.get(production)
  const actionPolicy = { ...manifest.actionPolicy, version: `${manifest.actionPolicy.version}_shadow` }
  const changed = { ...manifest, actionPolicy }
  const { releaseId } = await registry.releases.register({ project: 'eta', manifest: changed, workflowId: WORKFLOW })
  const { policy } = project
  const { lossBound = { lowest: 0, highest: 1e6, beyond: 'winsorise' } } = policy.judge
  const at = new Date().toISOString()
  const input = releaseInputOf({
    project,
    policy: {
      ...policy,
      schema: 'slipway.policy/2',
      judge: { ...policy.judge, lossBound },
      shadow: { share: 10_000, lasts: '1d' },
    },
    id: 'bench-shadow',
    kind: 'cli',
    by: 'bench',
    at,
    cutoff: at,
    parameters: {},
    evidence: 'live',
  })
  const key = `${WORKFLOW}:trigger`
  await registry.ledger.append({ project: 'eta', kind: 'trigger', subject: WORKFLOW, key, body: input })
  return releaseId
}
