/** What production's answers take while a candidate scores the same requests in the shadow, and without it. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { project } from '../../projects/eta/index.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { type BenchServices, productionFirst, startServer } from './bench-services.js'
import { load } from './client.js'
import { DECISIONS_PATH } from './throughput.js'

const WORKFLOW = 'release/eta/bench-shadow'
/** At this rate server, database and load generator together leave a third of two processors idle. */
const PER_SECOND = 1_000
const REQUESTS = 1_500
/** Pairs of rounds that count, and pairs that are tried. */
const PAIRS = 11
const MOST_PAIRS = 60
/** Share of the machine that processes of others may use during a round that counts. */
const OTHERS = 0.08

export interface ShadowCost {
  /** p99 with ÷ p99 without, one for each pair of rounds, sorted. */
  readonly ratios: readonly number[]
  /** p99 in ms, the median of the rounds. */
  readonly without: number
  readonly inShadow: number
  /** Share of the machine's processors that server, database and load generator used. */
  readonly used: { readonly without: number; readonly inShadow: number }
  /** Pairs that do not count, because other processes were busy. */
  readonly disturbed: number
  /** Requests for the candidate, by what became of them. */
  readonly counts: Readonly<Record<string, number>>
}

/**
 * Rounds without and with a shadow of all entities, in pairs of which every second one has the other order, on one
 * server and at one rate: both see the same machine. The p99 of a round is a few answers, which whatever else runs for
 * a moment delays. So a pair counts only if other processes were nearly idle during both rounds, and the result is the
 * median of the ratios of the pairs. On a machine that is never idle nothing is measured.
 */
export async function shadowCost(services: BenchServices, body: (index: number) => string): Promise<ShadowCost> {
  const { registry } = services
  const candidate = await registerCandidate(services)
  const server = await startServer('slipway', services.environment)
  try {
    const get = async (path: string) => (await fetch(new URL(path, server.url))).text()
    const round = async () => {
      const before = processorTimes(server.pid, services.databasePid)
      const sent = await load(server.url, DECISIONS_PATH, {
        connections: 64,
        requests: REQUESTS,
        perSecond: PER_SECOND,
        body,
      })
      if (sent.refused > 0) throw new Error(`${sent.refused} of ${REQUESTS} requests were refused`)
      const after = processorTimes(server.pid, services.databasePid)
      const share = (of: 'own' | 'busy') => (after[of] - before[of]) / (after.all - before.all)
      return { p99: sent.p99, used: share('own'), others: share('busy') - share('own') }
    }
    let moves = 0
    let isOn = false
    const setShadow = async (on: boolean) => {
      if (on === isOn) return
      isOn = on
      moves += 1
      await registry.aliases.move({
        project: 'eta',
        alias: 'canary',
        expected: on ? null : candidate,
        to: on ? candidate : null,
        key: `bench-shadow-${moves}`,
        actor: 'bench',
        reason: 'bench',
        workflowId: WORKFLOW,
        evidence: null,
      })
      while ((await get('/v1/projects/eta/aliases')).includes('"phase":"shadow"') !== on) await pause(50)
    }
    // Not counted: code that is compiled while it runs, and the first candidate that is loaded.
    for (const on of [false, true, false]) {
      await setShadow(on)
      await round()
    }
    const pairs: { readonly without: Round; readonly inShadow: Round }[] = []
    let disturbed = 0
    while (pairs.length < PAIRS && pairs.length + disturbed < MOST_PAIRS) {
      const found = { without: NONE, inShadow: NONE }
      for (const on of (pairs.length + disturbed) % 2 === 0 ? [false, true] : [true, false]) {
        await setShadow(on)
        found[on ? 'inShadow' : 'without'] = await round()
      }
      if (Math.max(found.without.others, found.inShadow.others) > OTHERS) disturbed += 1
      else pairs.push(found)
    }
    const counted = (await get('/metrics')).matchAll(/slipway_shadow_decisions_total\{[^}]*result="(\w+)"\} (\d+)/g)
    const median = (of: 'without' | 'inShadow', what: keyof Round) => medianOf(pairs.map((pair) => pair[of][what]))
    return {
      ratios: pairs.map(({ without, inShadow }) => inShadow.p99 / without.p99).sort((a, b) => a - b),
      without: median('without', 'p99'),
      inShadow: median('inShadow', 'p99'),
      used: { without: median('without', 'used'), inShadow: median('inShadow', 'used') },
      disturbed,
      counts: Object.fromEntries([...counted].map(([, result, value]) => [result, Number(value)])),
    }
  } finally {
    await server.stop()
  }
}

interface Round {
  readonly p99: number
  readonly used: number
  readonly others: number
}

const NONE: Round = { p99: Number.NaN, used: 0, others: 0 }

export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** In ticks: of all processors, idle or not, and of this process, the server and the database. */
function processorTimes(server: number, database: number): { all: number; busy: number; own: number } {
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/ +/).slice(1, 9).map(Number) ?? []
  const all = ticks.reduce((sum, one) => sum + one, 0)
  let own = 0
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const fields = statOf(pid)
    const isOwn = [server, process.pid, database].includes(pid) || Number(fields[1]) === database
    if (isOwn) own += Number(fields[11]) + Number(fields[12])
  }
  return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), own }
}

/** State, parent, …, user time, system time; nothing of a process that has ended. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  } catch {
    return []
  }
}

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
