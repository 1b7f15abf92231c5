/** The project of one sequence on a track: the worker of its queue, its decision service over HTTP, its clients. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { breachSignal } from '../../../contracts/messages.js'
import type { ReleaseInput } from '../../../contracts/types.js'
import { createApp, listen } from '../../../http/index.js'
import { initProject } from '../../../releases/init-project.js'
import { startRelease } from '../../../releases/start-release.js'
import { startService } from '../../../serving/index.js'
import { closeable, type Ending } from '../../support/harness.js'
import { sequenceProject } from './sequence-project.js'
import type { Track } from './server-track.js'

export interface SequenceSystem extends Pick<Track, 'env' | 'registry' | 'artifacts' | 'clock' | 'accidents'> {
  readonly project: string
  readonly client: Track['env']['client']
  start(input: ReleaseInput): ReturnType<typeof startRelease>
  /** Request to the decision service. */
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
  /** Stops the worker of the project, which loses its memory, and starts another one. */
  replaceWorker(): Promise<void>
  /**
   * `kill -9` of the worker for workflows and shared activities; another one starts. Null on a track that does not
   * replay.
   */
  readonly killShared: Track['killShared'] | null
  close(): Promise<void>
}

/** Time after which the work of a killed worker is given to another; a real minute by default. */
const WORKER_TIMEOUT_MS = 15_000

export const openSequenceSystem = (track: Track): Promise<SequenceSystem> => closeable((opened) => open(track, opened))

async function open(track: Track, opened: Ending[]): Promise<Omit<SequenceSystem, 'close'>> {
  const { env, registry, artifacts, folder, clock, accidents } = track
  const { client } = env
  const name = `s${randomUUID().slice(0, 18)}`
  const project = sequenceProject(name)
  const projects = new Map([[name, project]])
  await clock.tick()
  await initProject({ registry, artifacts, workFolder: folder }, project, 'test')
  let worker = await track.serveProject(projects)
  opened.push(() => worker.shutdown())
  const service = await startService({
    registry,
    artifacts,
    projects,
    spoolFolder: join(folder, `spool-${name}`),
    now: clock.now,
    signalBreach: (workflowId, power) => client.workflow.getHandle(workflowId).signal(breachSignal, { power }),
  })
  opened.push(() => service.stop())
  const app = createApp(service, {
    tokens: [],
    requestsPerSecond: 1e6,
    bodyBytes: 1 << 20,
    version: 'test',
    workflowUrl: () => null,
  })
  const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 })
  opened.push(close)
  opened.push(() => endAll(track, name))
  return {
    env,
    registry,
    artifacts,
    clock,
    accidents,
    project: name,
    client,
    start: (input) => startRelease(client, input, { workerTimeoutMs: WORKER_TIMEOUT_MS }),
    get: async (path) => json(await fetch(`${url}${path}`)),
    post: async (path, body) =>
      json(
        await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    killShared: track.replays ? track.killShared : null,
    async replaceWorker() {
      await worker.shutdown()
      worker = await track.serveProject(projects)
    },
  }
}

/** Terminates runs of a failed sequence: otherwise they would wait for a stopped worker and block time. */
async function endAll({ env, registry, accidents }: Track, project: string): Promise<void> {
  accidents.lost = 0
  for (const { workflowId, verdict } of await registry.runs.list(project)) {
    if (verdict !== null) continue
    await env.client.workflow
      .getHandle(workflowId)
      .terminate('the sequence is over')
      .catch(() => {})
  }
}

async function json(response: Response): Promise<unknown> {
  const body = (await response.json()) as unknown
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(body)}`)
  return body
}
