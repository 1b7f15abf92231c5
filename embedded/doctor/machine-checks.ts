/** Node.js, folders, and the programs that only the tests need. */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { programOnPath } from '../temporal-binary.js'
import { locateTestServer } from '../test-server.js'
import type { Check } from './check.js'

const OLDEST_NODE = 20

export async function checkNode(): Promise<Check> {
  const ok = Number(process.versions.node.split('.')[0]) >= OLDEST_NODE
  return { name: 'Node.js', ok, detail: process.version, mend: `install Node.js ${OLDEST_NODE} or newer` }
}

/** Whether the folder can be written; when it does not exist yet, whether its nearest existing parent can. */
export async function checkFolder(name: string, path: string, mend: string): Promise<Check> {
  const refuse = (why: string) => ({ name, ok: false, detail: `${path} cannot be written (${why})`, mend })
  for (let at = path; ; at = dirname(at)) {
    try {
      if (!(await stat(at)).isDirectory()) return refuse(`${at} is a file`)
      await access(at, constants.W_OK)
      return { name, ok: true, detail: at === path ? path : `${path}, created at the first start` }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR') return refuse(message)
    }
  }
}

/** Only the tests need it, and they download it: a missing server is a problem only when it cannot be downloaded. */
export async function checkTestServer(): Promise<Check> {
  const name = 'time-skipping test server (tests only)'
  const path = await locateTestServer()
  if (path) return { name, ok: true, detail: path }
  const java = (await programOnPath('java')) && (await programOnPath('mvn'))
  const detail = 'not downloaded yet; npm test downloads it'
  return { name, ok: java !== undefined, detail, mend: 'install a Java runtime and Maven' }
}
