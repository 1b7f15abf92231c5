/**
 * Registry cycles: register a version, point an alias at it, read what the alias points at. Slipway's registry is a
 * library on PostgreSQL, MLflow's a server with a REST API on the same PostgreSQL: each is called as its users call it,
 * MLflow without its Python client, which would add to its times.
 */
import pg from 'pg'
import type { Registry } from '../../registry/index.js'
import { commits } from './commits.js'
import type { Line, Measurement } from './measurement.js'
import { startMlflow } from './mlflow-server.js'
import { type Samples, sample } from './samples.js'
import { openNoopRegistry } from './servers.js'
import { withOpened } from './stack.js'

/** Concurrent cycles have a project, or a registered model, each. */
const LANES = 8

/** A cycle in the project, or model, of a lane. */
type Cycle = (time: number, lane: number) => Promise<unknown>

async function slipwayCycle(registry: Registry): Promise<Cycle> {
  const { production } = await registry.aliases.current('noop')
  const { manifest } = await registry.releases.get(production ?? '')
  const current = new Map<number, string>()
  return async (time, lane) => {
    const project = `noop-${lane}`
    const artifact = `sha256:${time.toString(16).padStart(64, '0')}`
    const variant = { ...manifest, project, model: { ...manifest.model, artifact } }
    const { releaseId } = await registry.releases.register({ project, manifest: variant, workflowId: 'bench' })
    const move = { project, alias: 'production', expected: current.get(lane) ?? null, to: releaseId } as const
    const why = { actor: 'bench', reason: 'bench', workflowId: null, evidence: null, key: `bench:${time}` }
    await registry.aliases.move({ ...move, ...why })
    current.set(lane, releaseId)
    const found = await registry.aliases.current(project)
    await registry.releases.get(found.production ?? '')
  }
}

async function mlflowCycle(root: string): Promise<Cycle> {
  const call = async (method: 'POST' | 'GET', path: string, body: Record<string, string>) => {
    const query = method === 'GET' ? `?${new URLSearchParams(body)}` : ''
    const headers = { 'content-type': 'application/json' }
    const init = method === 'GET' ? { method } : { method, headers, body: JSON.stringify(body) }
    const send = () => fetch(`${root}/api/2.0/mlflow/${path}${query}`, init)
    // Its server closes connections that were idle while the other registry was measured.
    const answer = await send().catch(send)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`MLflow answers ${answer.status} to ${path}: ${text.slice(0, 500)}`)
    return JSON.parse(text) as { model_version?: { version: string } }
  }
  for (let lane = 0; lane < LANES; lane += 1) await call('POST', 'registered-models/create', { name: `noop-${lane}` })
  return async (time, lane) => {
    const name = `noop-${lane}`
    const source = `s3://models/${time}`
    const { model_version: made } = await call('POST', 'model-versions/create', { name, source })
    const alias = { name, alias: 'production' }
    await call('POST', 'registered-models/alias', { ...alias, version: made?.version ?? '' })
    await call('GET', 'registered-models/alias', alias)
  }
}

export const registry: Measurement = {
  about: 'register, move an alias, read it: against MLflow’s registry server on the same PostgreSQL',
  run: ({ small, say }) =>
    withOpened(async (opened) => {
      const { databaseUrl, folder, registry: area } = await openNoopRegistry(opened)
      const ours = await slipwayCycle(area)
      const mlflow = new URL(databaseUrl)
      mlflow.pathname = '/mlflow'
      const owner = new pg.Client({ connectionString: databaseUrl })
      await owner.connect()
      await owner.query('create database mlflow')
      await owner.end()
      const theirs = await mlflowCycle(await startMlflow(opened, { databaseUrl: mlflow.href, folder, say }))
      const times = small ? 40 : 400
      let done = 0
      const measured = async (cycle: Cycle, count: number, atOnce: number) => {
        const first = done
        done += count
        return await sample(count, atOnce, (time, lane) => cycle(first + time, lane))
      }
      const { p50, perSecond } = await commits(databaseUrl, times)
      const lines: Line[] = [
        { what: 'a commit alone, p50; a cycle has two', value: p50, unit: 'ms' },
        { what: 'commits of one client', value: perSecond, unit: '/s' },
      ]
      for (const atOnce of [1, LANES]) {
        await measured(theirs, 10, atOnce)
        await measured(ours, 10, atOnce)
        lines.push(...linesOf(atOnce, await measured(ours, times, atOnce), await measured(theirs, times, atOnce)))
      }
      return lines
    }),
}

function linesOf(atOnce: number, ours: Samples, theirs: Samples): Line[] {
  const how = atOnce === 1 ? 'one at a time' : `${atOnce} at once`
  return [
    { what: `cycles, ${how}`, value: ours.perSecond, unit: '/s' },
    { what: `cycles of MLflow, ${how}`, value: theirs.perSecond, unit: '/s' },
    { what: `cycle p99, ${how}`, value: ours.p99, unit: 'ms' },
    { what: `cycle of MLflow p99, ${how}`, value: theirs.p99, unit: 'ms' },
    { what: `cycles, of those of MLflow, ${how}`, value: ours.perSecond / theirs.perSecond, unit: '×', atLeast: 10 },
  ]
}
