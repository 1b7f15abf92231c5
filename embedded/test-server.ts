/** Temporal's time-skipping test server: cached, else downloaded by the SDK, else from Maven with a start script. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { cacheFolder } from './cache-folder.js'
import { firstThatWorks } from './first-that-works.js'
import { withLock } from './process-lock.js'
import { type Progress, silent, whileWaiting } from './progress.js'
import { run } from './run-command.js'
import { sdkDownload } from './sdk-download.js'
import { isExecutable, programOnPath } from './temporal-binary.js'

const VERSION = '1.32.0'
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>slipway</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
`
/** The SDK calls it with `PORT --enable-time-skipping`. The script finds its own folder, so the cache may be moved. */
const SCRIPT = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
exec java -XX:TieredStopAtLevel=1 -cp "$here/jars/*" io.temporal.testserver.TestServer "$@"
`

const downloaded = (): string => join(cacheFolder(), 'bin', 'temporal-test-server')
const folder = (): string => join(cacheFolder(), `test-server-${VERSION}`)
const script = (): string => join(folder(), 'temporal-test-server')

/** Path for `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
export async function findTestServer(onProgress: Progress = silent): Promise<string> {
  const present = await locateTestServer()
  if (present) return present
  return withLock(join(cacheFolder(), 'test-server.lock'), onProgress, () =>
    firstThatWorks(
      'the time-skipping test server',
      [
        { name: 'cache', attempt: presentByNow },
        { name: 'SDK download', attempt: () => download(onProgress) },
        { name: 'Maven', attempt: () => fromMaven(onProgress) },
      ],
      'install a Java runtime and Maven',
    ),
  )
}

export async function locateTestServer(): Promise<string | undefined> {
  if (await isExecutable(downloaded())) return downloaded()
  return (await isExecutable(script())) && (await programOnPath('java')) ? script() : undefined
}

async function presentByNow(): Promise<string> {
  const path = await locateTestServer()
  if (!path) throw new SlipwayError('Unavailable', 'not found')
  return path
}

function download(onProgress: Progress): Promise<string> {
  return whileWaiting(onProgress, 'time-skipping test server: downloading it with the SDK', () =>
    sdkDownload('time-skipping', downloaded()),
  )
}

async function fromMaven(onProgress: Progress): Promise<string> {
  if (!(await programOnPath('java'))) throw new SlipwayError('Unavailable', 'java is not on PATH')
  const next = await mkdtemp(`${folder()}-`)
  try {
    await writeFile(join(next, 'pom.xml'), POM)
    await mkdir(join(next, 'jars'))
    const ran = await whileWaiting(onProgress, 'time-skipping test server: fetching it with Maven', () =>
      run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(next, 'jars')}`], {
        cwd: next,
        timeoutMs: 300_000,
      }),
    )
    if (!ran.ok) throw new SlipwayError('Unavailable', mavenReason(ran.output) ?? ran.reason)
    await writeFile(join(next, 'temporal-test-server'), SCRIPT, { mode: 0o755 })
    await rm(folder(), { recursive: true, force: true })
    await rename(next, folder())
    return script()
  } finally {
    await rm(next, { recursive: true, force: true })
  }
}

const mavenReason = (output: string): string | undefined => /\[ERROR\] (.+)/.exec(output)?.[1]?.slice(0, 300)
