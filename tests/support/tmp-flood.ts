import { setTimeout as pause } from 'node:timers/promises'
import { breachSignal } from '../../contracts/messages.js'
import { toyPolicy } from '../toy-project/policy.js'
import { devServer } from './dev-server.js'
import { attributesOf, entriesOf, eventually, exposed, operate, reaches, resultOf, startOver, stateOf } from './steer.js'
import { runIdOf, sendMany, temporalRunsOf } from './temporal-runs.js'
import { startWorkerProcess } from './worker-process.js'
const on = await devServer()
const worker = await startWorkerProcess(on.environment)
const policy = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const inCanary = async (t: string) => { const id = await on.start(t, { dayMs: 3_600_000, policy, workerTimeoutMs: 60_000 }); await exposed(on, id); return { id, first: await runIdOf(on, id), handle: on.client.workflow.getHandle(id) } }
const runsText = async (id: string, first: string) => JSON.stringify((await temporalRunsOf(on, id, first)).map((r) => ({ ev: r.events, sig: r.signals, up: r.updates, cont: r.continued, act: r.activities.length })))
const log = (...x: unknown[]) => console.log(new Date().toISOString().slice(11, 19), ...x)
const tests: Record<string, () => Promise<void>> = {
  async breaches() {
    const { id, first, handle } = await inCanary('breaches')
    const before = await stateOf(on, id); const at = await attributesOf(on, id); const d = await handle.describe()
    log('start'); await sendMany(on, id, 10_000, () => handle.signal(breachSignal, { power: 'rollback' })); log('sent')
    log('state same', JSON.stringify(await stateOf(on, id)) === JSON.stringify(before))
    log(JSON.stringify(at), JSON.stringify(await attributesOf(on, id)))
    const n = await handle.describe(); log(JSON.stringify(n.memo), JSON.stringify(d.memo), await n.staticSummary(), await d.staticSummary())
    log(await operate(on, id, 'abort'), (await resultOf(on, id)).verdict, await runsText(id, first))
  },
  async actions() {
    const { id, first, handle } = await inCanary('actions')
    log('start'); await sendMany(on, id, 10_000, (at) => handle.signal(at % 2 ? 'resume' : 'pause', { by: 'ana', reason: 'storm', id: `a-${at}` })); log('sent')
    await handle.signal('abort', { by: 'ana', reason: 'storm', id: 'abort' })
    log((await resultOf(on, id)).verdict)
    const rec = await entriesOf(on, id, 'operator_action'); const [v] = await entriesOf(on, id, 'verdict')
    const a = rec.find(({ body }) => body.id === 'abort')
    log(rec.length, new Set(rec.map(({ body }) => body.id)).size, 'accepted', rec.filter(({ body }) => body.accepted).length, a?.body.accepted, (a?.seq ?? 0) < (v?.seq ?? 0), await runsText(id, first))
  },
  async updates() {
    const { id, first } = await inCanary('updates')
    log('start'); await Promise.all(Array.from({ length: 8 }, async (_, s) => { for (let at = s; at < 1_100; at += 8) await operate(on, id, at % 2 ? 'resume' : 'pause', { id: `u-${at}` }) })); log('sent')
    log((await entriesOf(on, id, 'operator_action')).length); await operate(on, id, 'abort'); log((await resultOf(on, id)).verdict, await runsText(id, first))
  },
  async atonce() {
    const { id, first, handle } = await inCanary('at-once')
    log('start'); await Promise.all(Array.from({ length: 3_000 }, () => handle.signal(breachSignal, { power: 'rollback' }))); log('sent')
    await eventually('another run', async () => (await runIdOf(on, id)) !== first)
    log(await operate(on, id, 'abort'), (await resultOf(on, id)).verdict, await runsText(id, first))
  },
  async training() {
    const id = await on.start('training', { dayMs: 3_600_000, parameters: { epochs: 6_000, epochMs: 100 } }); await reaches(on, id, 'training')
    const first = await runIdOf(on, id); const handle = on.client.workflow.getHandle(id)
    log('start'); await sendMany(on, id, 2_500, () => handle.signal(breachSignal, { power: 'rollback' })); log('same', (await runIdOf(on, id)) === first)
    await sendMany(on, id, 5_600, () => handle.signal(breachSignal, { power: 'rollback' })); log('sent')
    await eventually('another run', async () => (await runIdOf(on, id)) !== first); await reaches(on, id, 'training'); await pause(3000)
    log(JSON.stringify((await temporalRunsOf(on, id, first)).map((r) => r.activities)))
    await operate(on, id, 'abort'); log((await resultOf(on, id)).verdict)
  },
}
try { for (const name of process.argv.slice(2)) { log('==', name); await tests[name]?.().catch((e) => log('FAILED', e)); await startOver(on) } } finally { await worker.stop(); await on.close(); process.exit() }
