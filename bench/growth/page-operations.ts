/** First byte of each page of the console: its numbers come from the registry, whose history must not slow it. */
import { get } from 'node:http'
import { createApp, listen } from '../../http/index.js'
import type { DecisionService } from '../../serving/index.js'
import { OPEN } from './build-days.js'
import type { Operation } from './operations.js'

const TIMES = 20
const PROJECT = 'p0'
const RELEASE = `/projects/${PROJECT}/releases/${OPEN.split('/')[2]}`

const PAGES: Readonly<Record<string, string>> = {
  fleet: '/',
  'fleet, the last page': '/?page=1000000',
  project: `/projects/${PROJECT}`,
  'project, older runs': `/projects/${PROJECT}?before=release/${PROJECT}/grown-2`,
  history: `/projects/${PROJECT}/history`,
  labels: `/projects/${PROJECT}/labels`,
  release: RELEASE,
  policy: `/projects/${PROJECT}/policy`,
  rollback: `/projects/${PROJECT}/rollback`,
  report: `${RELEASE}/report`,
  "a decision's evidence": `/v1/decisions/open-2/trace?project=${PROJECT}`,
}

export interface Pages {
  readonly operations: Readonly<Record<string, Operation>>
  close(): Promise<void>
}

/** The console of a gateway over HTTP. */
export async function openPages(service: DecisionService): Promise<Pages> {
  const options = { tokens: [], requestsPerSecond: 1e6, bodyBytes: 1 << 20, version: 'bench', workflowUrl: () => null }
  const { url, close } = await listen(createApp(service, options), { host: '127.0.0.1', port: 0 })
  const operations = Object.entries(PAGES).map(([name, path]) => [
    `page, first byte: ${name}`,
    { times: TIMES, work: () => firstByte(new URL(path, url)) },
  ])
  return { operations: Object.fromEntries(operations), close }
}

/** Resolves with the first byte of the body. @throws Error for another status than 200 */
const firstByte = (url: URL) =>
  new Promise<void>((resolve, reject) => {
    const request = get(url, { headers: { accept: 'text/html' } }, (response) => {
      response.once('data', (data) => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${url.pathname} answered ${response.statusCode}: ${data}`))
      })
      response.on('error', reject)
    })
    request.on('error', reject)
  })
